// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <vector>

#include "kernel/rtl/avl.h"
#include "kernel/rtl/avl_table.h"
#include "kernel/rtl/generic_table.h"

namespace pw::rtl {
namespace {

RTL_GENERIC_COMPARE_RESULTS compare_ints(PVOID a, PVOID b) {
    const int x = *static_cast<int*>(a), y = *static_cast<int*>(b);
    return x < y ? GenericLessThan : x > y ? GenericGreaterThan : GenericEqual;
}

// Both kinds of table behind one shape, so that one test drives both.
struct Splay {
    RTL_GENERIC_TABLE table{};
    Splay() {
        InitializeListHead(&table.InsertOrderList);
        table.OrderedPointer = &table.InsertOrderList;
        table.CompareRoutine = [](RTL_GENERIC_TABLE*, PVOID a, PVOID b) { return compare_ints(a, b); };
        table.AllocateRoutine = [](RTL_GENERIC_TABLE*, CLONG bytes) { return std::malloc(bytes); };
        table.FreeRoutine = [](RTL_GENERIC_TABLE*, PVOID p) { std::free(p); };
    }
    bool insert(int v) {
        bool is_new = false;
        EXPECT_NE(table_insert_at(table, table_find(table, &v), &v, sizeof v, &is_new), nullptr);
        return is_new;
    }
    bool erase(int v) { return table_delete(table, &v); }
    bool has(int v) { return table_find(table, &v).result == TableFoundNode; }
    void* next(void** position) { return table_enumerate_at(table, position); }
    void check() {}
};

int height_and_check(PRTL_BALANCED_LINKS node) {
    if (!node) return 0;
    const int left = height_and_check(node->LeftChild), right = height_and_check(node->RightChild);
    EXPECT_EQ(node->Balance, right - left);
    EXPECT_LE(std::abs(right - left), 1);
    EXPECT_TRUE(!node->LeftChild || node->LeftChild->Parent == node);
    EXPECT_TRUE(!node->RightChild || node->RightChild->Parent == node);
    return 1 + std::max(left, right);
}

struct Avl {
    RTL_AVL_TABLE table{};
    Avl() {
        table.BalancedRoot.Parent = &table.BalancedRoot;
        table.CompareRoutine = [](RTL_AVL_TABLE*, PVOID a, PVOID b) { return compare_ints(a, b); };
        table.AllocateRoutine = [](RTL_AVL_TABLE*, CLONG bytes) { return std::malloc(bytes); };
        table.FreeRoutine = [](RTL_AVL_TABLE*, PVOID p) { std::free(p); };
    }
    bool insert(int v) {
        bool is_new = false;
        EXPECT_NE(avl_table_insert_at(table, avl_table_find(table, &v), &v, sizeof v, &is_new), nullptr);
        return is_new;
    }
    bool erase(int v) { return avl_table_delete(table, &v); }
    bool has(int v) { return avl_table_find(table, &v).result == TableFoundNode; }
    void* next(void** position) { return avl_table_enumerate_at(table, position); }
    void check() { EXPECT_EQ(height_and_check(table.BalancedRoot.RightChild), static_cast<int>(table.DepthOfTree)); }
};

template <typename T>
class Tables : public testing::Test {};
using Kinds = testing::Types<Splay, Avl>;
TYPED_TEST_SUITE(Tables, Kinds);

TYPED_TEST(Tables, BehaveAsASetUnderRandomChanges) {
    TypeParam table;
    std::set<int> model;
    std::mt19937 random(7);
    for (int step = 0; step < 4000; ++step) {
        const int value = static_cast<int>(random() % 200);
        if (random() % 2 != 0) EXPECT_EQ(table.insert(value), model.insert(value).second);
        else EXPECT_EQ(table.erase(value), model.erase(value) == 1);
        if (step % 50 == 0) table.check();
        EXPECT_EQ(table.has(value), model.count(value) == 1);
    }
    std::vector<int> seen;
    void* position = nullptr;
    while (void* element = table.next(&position)) seen.push_back(*static_cast<int*>(element));
    EXPECT_EQ(seen, std::vector<int>(model.begin(), model.end()));
    for (const int value : seen) EXPECT_TRUE(table.erase(value));
    table.check();
    EXPECT_EQ(table.table.NumberGenericTableElements, 0u);
}

TEST(GenericTable, ElementsAreNumberedInOrderOfInsertion) {
    Splay splay;
    for (const int value : {5, 1, 9, 3}) splay.insert(value);
    EXPECT_EQ(*static_cast<int*>(table_nth_inserted(splay.table, 2)), 9);
    EXPECT_EQ(*static_cast<int*>(table_nth_inserted(splay.table, 0)), 5);
    EXPECT_EQ(table_nth_inserted(splay.table, 4), nullptr);
    splay.erase(5);
    EXPECT_EQ(*static_cast<int*>(table_nth_inserted(splay.table, 0)), 1);
    for (const int value : {1, 9, 3}) splay.erase(value);
}

TEST(GenericTable, EnumerationStartsAtTheSmallest) {
    Splay splay;
    for (const int value : {5, 1, 9}) splay.insert(value);
    EXPECT_EQ(*static_cast<int*>(table_enumerate(splay.table, true)), 1);
    EXPECT_EQ(*static_cast<int*>(table_enumerate(splay.table, false)), 5);
    EXPECT_EQ(*static_cast<int*>(table_enumerate(splay.table, false)), 9);
    EXPECT_EQ(table_enumerate(splay.table, false), nullptr);
    for (const int value : {5, 1, 9}) splay.erase(value);
}

TEST(AvlTable, ElementsAreNumberedInKeyOrder) {
    Avl avl;
    for (const int value : {5, 1, 9, 3}) avl.insert(value);
    EXPECT_EQ(*static_cast<int*>(avl_table_nth(avl.table, 0)), 1);
    EXPECT_EQ(*static_cast<int*>(avl_table_nth(avl.table, 3)), 9);
    EXPECT_EQ(*static_cast<int*>(avl_table_nth(avl.table, 1)), 3);
    EXPECT_EQ(avl_table_nth(avl.table, 4), nullptr);
    for (const int value : {5, 1, 9, 3}) avl.erase(value);
}

}  // namespace
}  // namespace pw::rtl
