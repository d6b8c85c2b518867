// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/splay.h"

namespace pw::rtl {
namespace {

using Links = RTL_SPLAY_LINKS;

bool is_root(const Links* node) { return node->Parent == node; }
bool is_left(const Links* node) { return node->Parent->LeftChild == node; }

// Puts `node` above its parent, keeping the order.
void rotate_up(Links* node) {
    Links* parent = node->Parent;
    Links* grandparent = parent->Parent;
    const bool parent_was_root = is_root(parent);
    const bool parent_was_left = !parent_was_root && is_left(parent);
    if (is_left(node)) {
        parent->LeftChild = node->RightChild;
        if (parent->LeftChild) parent->LeftChild->Parent = parent;
        node->RightChild = parent;
    } else {
        parent->RightChild = node->LeftChild;
        if (parent->RightChild) parent->RightChild->Parent = parent;
        node->LeftChild = parent;
    }
    parent->Parent = node;
    if (parent_was_root) {
        node->Parent = node;
    } else {
        node->Parent = grandparent;
        (parent_was_left ? grandparent->LeftChild : grandparent->RightChild) = node;
    }
}

Links* rightmost(Links* node) {
    while (node->RightChild) node = node->RightChild;
    return node;
}

Links* leftmost(Links* node) {
    while (node->LeftChild) node = node->LeftChild;
    return node;
}

}  // namespace

PRTL_SPLAY_LINKS splay(PRTL_SPLAY_LINKS node) {
    while (!is_root(node)) {
        Links* parent = node->Parent;
        if (!is_root(parent)) rotate_up(is_left(node) == is_left(parent) ? parent : node);
        rotate_up(node);
    }
    return node;
}

PRTL_SPLAY_LINKS splay_remove(PRTL_SPLAY_LINKS node) {
    splay(node);
    Links* left = node->LeftChild;
    Links* right = node->RightChild;
    if (left) left->Parent = left;
    if (right) right->Parent = right;
    if (!left) return right;
    Links* root = splay(rightmost(left));
    root->RightChild = right;
    if (right) right->Parent = root;
    return root;
}

PRTL_SPLAY_LINKS subtree_successor(PRTL_SPLAY_LINKS node) { return node->RightChild ? leftmost(node->RightChild) : nullptr; }
PRTL_SPLAY_LINKS subtree_predecessor(PRTL_SPLAY_LINKS node) { return node->LeftChild ? rightmost(node->LeftChild) : nullptr; }

PRTL_SPLAY_LINKS successor(PRTL_SPLAY_LINKS node) {
    if (node->RightChild) return leftmost(node->RightChild);
    while (!is_root(node) && !is_left(node)) node = node->Parent;
    return is_root(node) ? nullptr : node->Parent;
}

PRTL_SPLAY_LINKS predecessor(PRTL_SPLAY_LINKS node) {
    if (node->LeftChild) return rightmost(node->LeftChild);
    while (!is_root(node) && is_left(node)) node = node->Parent;
    return is_root(node) ? nullptr : node->Parent;
}

}  // namespace pw::rtl
