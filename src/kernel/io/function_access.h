// SPDX-License-Identifier: Apache-2.0
// IoCheckFunctionAccess: the access that a request needs by its function codes.
#pragma once

#include <nt/io_inlines.h>

#include "base/status.h"

namespace pw::io {

struct FunctionRequest {
    UCHAR major = 0;
    UCHAR minor = 0;
    ULONG control_code = 0;
    ULONG information_class = 0;  // of a file for queries and sets, of a volume for theirs
    ULONG security_information = 0;
};
// STATUS_ACCESS_DENIED when `granted` lacks something, STATUS_INVALID_DEVICE_REQUEST for functions that need no check of
// this kind, STATUS_INVALID_INFO_CLASS.
[[nodiscard]] Status check_function_access(ACCESS_MASK granted, const FunctionRequest& request);

}  // namespace pw::io
