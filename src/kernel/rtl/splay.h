// SPDX-License-Identifier: Apache-2.0
// Splay trees over RTL_SPLAY_LINKS: a root is its own parent, and every search brings what it found to the root.
#pragma once

#include <nt/rtl_tables.h>

namespace pw::rtl {

// Rotates `node` to the root of its tree and returns it.
PRTL_SPLAY_LINKS splay(PRTL_SPLAY_LINKS node);
// Takes `node` out of its tree; returns the new root, null when the tree is empty.
PRTL_SPLAY_LINKS splay_remove(PRTL_SPLAY_LINKS node);

// The neighbours in key order, inside the node's own subtree or in the whole tree; null where there is none.
[[nodiscard]] PRTL_SPLAY_LINKS subtree_successor(PRTL_SPLAY_LINKS node);
[[nodiscard]] PRTL_SPLAY_LINKS subtree_predecessor(PRTL_SPLAY_LINKS node);
[[nodiscard]] PRTL_SPLAY_LINKS successor(PRTL_SPLAY_LINKS node);
[[nodiscard]] PRTL_SPLAY_LINKS predecessor(PRTL_SPLAY_LINKS node);

}  // namespace pw::rtl
