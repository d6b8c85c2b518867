// SPDX-License-Identifier: Apache-2.0
// Source annotations of the first generation (SAL 1): accepted and ignored.
//
// The C++ library uses __in, __out and others as identifiers: the shims in include/shared/cxx hide
// them while a library header is read (the folder stands before include/shared/crt on the command
// line). PARTYWALL_NO_SAL1 leaves the names out altogether.
#ifndef PW_SPECSTRINGS_H
#define PW_SPECSTRINGS_H

#include <sal.h>
#if !defined(PARTYWALL_NO_SAL1) && !defined(PARTYWALL_BUILD)
#include <pw_sal1_on.h>
#endif

#endif
