// SPDX-License-Identifier: Apache-2.0
// Source annotations of the first generation (SAL 1): accepted and ignored.
//
// The C++ library uses __in, __out and others as identifiers. A C++ source that includes library
// headers after this one brackets them with <pw_sal1_off.h> and <pw_sal1_on.h>, as the compiler
// wrapper's shims for those headers do; PARTYWALL_NO_SAL1 leaves the names out altogether.
#ifndef PW_SPECSTRINGS_H
#define PW_SPECSTRINGS_H

#include <sal.h>
#if !defined(PARTYWALL_NO_SAL1) && !defined(PARTYWALL_BUILD)
#include <pw_sal1_on.h>
#endif

#endif
