// SPDX-License-Identifier: Apache-2.0
// A stand-in for the pool: counts blocks, and fails on request.
#pragma once

extern int g_pool_blocks;
extern bool g_pool_is_empty;
