/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENTRY_FAILS_PUBLIC_H
#define ENTRY_FAILS_PUBLIC_H

#define TEST_NAME "PwEntryFails"

#endif
