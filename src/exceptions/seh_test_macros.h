// SPDX-License-Identifier: Apache-2.0
// For this folder's tests: a guarded block without the source pre-pass.
#pragma once

#include "exceptions/exceptions.h"

#define SEH_FUNCTION _PW_SEH_FUNCTION
#define SEH_MARK _PW_SEH_MARK
#define SEH_TRY _PW_SEH_TRY {
#define SEH_EXCEPT(filter) \
    }                      \
    _PW_SEH_EXCEPT(filter) _PW_SEH_HANDLER {
#define SEH_FINALLY \
    }               \
    _PW_SEH_FINALLY {
#define SEH_END \
    }           \
    _PW_SEH_END
#define SEH_FINALLY_END \
    }                   \
    _PW_SEH_FINALLY_END
