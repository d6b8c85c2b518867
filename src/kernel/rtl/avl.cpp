// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/avl.h"

#include <utility>

namespace pw::rtl {
namespace {

using Links = RTL_BALANCED_LINKS;

// The place that points at `node`: its parent's child. The top is the sentinel's right child.
Links*& slot_of(Links* node) { return node->Parent->LeftChild == node ? node->Parent->LeftChild : node->Parent->RightChild; }

Links* rotate_left(Links* node) {
    Links* up = node->RightChild;
    slot_of(node) = up;
    up->Parent = node->Parent;
    node->RightChild = up->LeftChild;
    if (node->RightChild) node->RightChild->Parent = node;
    up->LeftChild = node;
    node->Parent = up;
    return up;
}

Links* rotate_right(Links* node) {
    Links* up = node->LeftChild;
    slot_of(node) = up;
    up->Parent = node->Parent;
    node->LeftChild = up->RightChild;
    if (node->LeftChild) node->LeftChild->Parent = node;
    up->RightChild = node;
    node->Parent = up;
    return up;
}

// `node` leans by two to the side of `lean` (+1 right, -1 left). Returns the new top of the subtree.
Links* rebalance(Links* node, int lean) {
    Links* child = lean > 0 ? node->RightChild : node->LeftChild;
    if (child->Balance == -lean) {
        Links* middle = lean > 0 ? rotate_right(child) : rotate_left(child);
        lean > 0 ? rotate_left(node) : rotate_right(node);
        const int was = middle->Balance;
        node->Balance = static_cast<CHAR>(was == lean ? -lean : 0);
        child->Balance = static_cast<CHAR>(was == -lean ? lean : 0);
        middle->Balance = 0;
        return middle;
    }
    Links* up = lean > 0 ? rotate_left(node) : rotate_right(node);
    // A child in balance (only after a removal) leaves the subtree as high as it was.
    const bool was_level = child->Balance == 0;
    node->Balance = static_cast<CHAR>(was_level ? lean : 0);
    child->Balance = static_cast<CHAR>(was_level ? -lean : 0);
    return up;
}

// Exchanges the places of `node` and its in-order successor in the right subtree.
void swap_with_successor(Links* node, Links* next) {
    std::swap(node->Balance, next->Balance);
    Links*& place = slot_of(node);
    Links* const node_parent = node->Parent;
    Links* const next_parent = next->Parent;
    Links* const next_right = next->RightChild;
    place = next;
    next->LeftChild = node->LeftChild;
    next->LeftChild->Parent = next;
    if (next_parent == node) {
        next->RightChild = node;
        node->Parent = next;
    } else {
        next->RightChild = node->RightChild;
        next->RightChild->Parent = next;
        next_parent->LeftChild = node;
        node->Parent = next_parent;
    }
    next->Parent = node_parent;
    node->LeftChild = nullptr;
    node->RightChild = next_right;
    if (next_right) next_right->Parent = node;
}

Links* leftmost(Links* node) {
    while (node->LeftChild) node = node->LeftChild;
    return node;
}

}  // namespace

void avl_insert(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS parent, bool as_left, PRTL_BALANCED_LINKS node) {
    Links* const sentinel = &table.BalancedRoot;
    node->Parent = parent;
    node->LeftChild = node->RightChild = nullptr;
    node->Balance = 0;
    (as_left ? parent->LeftChild : parent->RightChild) = node;
    while (parent != sentinel) {
        const int side = parent->LeftChild == node ? -1 : 1;
        if (parent->Balance == side) {
            rebalance(parent, side);
            return;
        }
        parent->Balance = static_cast<CHAR>(parent->Balance + side);
        if (parent->Balance == 0) return;
        node = parent;
        parent = parent->Parent;
    }
    ++table.DepthOfTree;
}

void avl_remove(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS node) {
    Links* const sentinel = &table.BalancedRoot;
    if (node->LeftChild && node->RightChild) swap_with_successor(node, leftmost(node->RightChild));
    Links* child = node->LeftChild ? node->LeftChild : node->RightChild;
    Links* parent = node->Parent;
    int side = parent->LeftChild == node ? -1 : 1;
    slot_of(node) = child;
    if (child) child->Parent = parent;
    while (parent != sentinel) {
        Links* top = parent;
        if (parent->Balance == -side) {
            top = rebalance(parent, -side);
            if (top->Balance != 0) return;
        } else {
            parent->Balance = static_cast<CHAR>(parent->Balance - side);
            if (parent->Balance != 0) return;
        }
        parent = top->Parent;
        side = parent->LeftChild == top ? -1 : 1;
    }
    --table.DepthOfTree;
}

PRTL_BALANCED_LINKS avl_first(RTL_AVL_TABLE& table) {
    return table.BalancedRoot.RightChild ? leftmost(table.BalancedRoot.RightChild) : nullptr;
}

PRTL_BALANCED_LINKS avl_next(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS node) {
    if (node->RightChild) return leftmost(node->RightChild);
    // The sentinel's only child is its right one: climbing from the last node ends there.
    while (node->Parent != &table.BalancedRoot && node->Parent->RightChild == node) node = node->Parent;
    return node->Parent == &table.BalancedRoot ? nullptr : node->Parent;
}

PRTL_BALANCED_LINKS avl_previous(RTL_AVL_TABLE& table, PRTL_BALANCED_LINKS node) {
    if (node->LeftChild) {
        for (node = node->LeftChild; node->RightChild;) node = node->RightChild;
        return node;
    }
    while (node->Parent != &table.BalancedRoot && node->Parent->LeftChild == node) node = node->Parent;
    return node->Parent == &table.BalancedRoot ? nullptr : node->Parent;
}

}  // namespace pw::rtl
