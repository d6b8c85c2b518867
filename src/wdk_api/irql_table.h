// SPDX-License-Identifier: Apache-2.0
// The IRQL limits of every routine that drivers link, as Microsoft's page of the routine states them ("Requirements, IRQL").
// Where the page leaves a choice that depends on what cannot be seen here (whether a buffer is pageable), the higher limit
// stands: what is reported is wrong under any reading.
//
//   PW_IRQL_MOST(routine, limit)             the façade checks it: PW_IRQL_LIMIT (irql_limit.h)
//   PW_IRQL_ARGUMENTS(routine, limit, text)  the highest limit; with some arguments it is lower, as the text says
//   PW_IRQL_ROOM(routine, limit, text)       checked where the routine is made, under a bug check of its own
//   PW_IRQL_ANY(routine)                     any IRQL, or a lower limit only (spin locks' AtDpcLevel, FromDpcLevel)
//   PW_IRQL_UNSTATED(routine)                the documentation says nothing that we could vouch for: not checked
//
// tests/house/irql_table.py proves that the table and the façades say the same.
#pragma once

#include <nt/ke_types.h>

namespace pw::wdk::documented_irql {

#define PW_IRQL_MOST(Routine, Limit) inline constexpr KIRQL Routine = Limit;
#define PW_IRQL_ARGUMENTS(Routine, Limit, Text) inline constexpr KIRQL Routine = Limit;
#define PW_IRQL_ROOM(Routine, Limit, Text)
#define PW_IRQL_ANY(Routine)
#define PW_IRQL_UNSTATED(Routine)
#include "wdk_api/irql/all.inc"
#undef PW_IRQL_MOST
#undef PW_IRQL_ARGUMENTS
#undef PW_IRQL_ROOM
#undef PW_IRQL_ANY
#undef PW_IRQL_UNSTATED

}  // namespace pw::wdk::documented_irql
