// SPDX-License-Identifier: Apache-2.0
// Checks our structures against the table of sizes and offsets on x64 Windows, at compile time.
#include <ntifs.h>
#include <stddef.h>

#define PW_SIZE(name, bytes) PW_STATIC_ASSERT(sizeof(name) == (bytes), "size of " #name);
#define PW_OFFSET(name, field, bytes) \
  PW_STATIC_ASSERT(__builtin_offsetof(name, field) == (bytes), "offset of " #name "." #field);
#include "layout_table.inc"
#include "documented_layouts.inc"
