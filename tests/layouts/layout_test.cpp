// SPDX-License-Identifier: Apache-2.0
// The layout table against our headers, in C++ as Partywall itself is compiled.
#include "layout_checks.h"

#include <gtest/gtest.h>

// The comparison is made by the compiler: what is left to run is that each pair of names is one type.
TEST(Layouts, ThreadAndProcessHaveOneTypeEach) {
    static_assert(__is_same(PETHREAD, PKTHREAD) && __is_same(PEPROCESS, PKPROCESS));
    EXPECT_EQ(sizeof(IRP), 208u);
    EXPECT_EQ(sizeof(IO_STACK_LOCATION), 72u);
    EXPECT_EQ(sizeof(MDL), 48u);
}
