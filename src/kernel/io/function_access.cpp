// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/function_access.h"

#include "kernel/io/file_information.h"

namespace pw::io {
namespace {

Status need(ACCESS_MASK granted, ACCESS_MASK wanted) {
    return (granted & wanted) == wanted ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}
Status need_one(ACCESS_MASK granted, ACCESS_MASK wanted) { return (granted & wanted) != 0 ? STATUS_SUCCESS : STATUS_ACCESS_DENIED; }

ACCESS_MASK access_of_code(ULONG code) {
    const ULONG bits = (code >> 14) & 3;
    return ((bits & FILE_READ_ACCESS) ? FILE_READ_DATA : 0u) | ((bits & FILE_WRITE_ACCESS) ? FILE_WRITE_DATA : 0u);
}

Status need_rule(ACCESS_MASK granted, Result<InformationRule> rule) {
    return rule ? need(granted, rule->access) : rule.status();
}

}  // namespace

Status check_function_access(ACCESS_MASK granted, const FunctionRequest& request) {
    switch (request.major) {
        case IRP_MJ_CREATE:
        case IRP_MJ_CLOSE:
        case IRP_MJ_CLEANUP:
            return STATUS_SUCCESS;
        case IRP_MJ_READ: return need(granted, FILE_READ_DATA);
        case IRP_MJ_WRITE:
        case IRP_MJ_FLUSH_BUFFERS: return need_one(granted, FILE_WRITE_DATA | FILE_APPEND_DATA);
        case IRP_MJ_QUERY_INFORMATION: return need_rule(granted, query_rule(request.information_class));
        case IRP_MJ_SET_INFORMATION: return need_rule(granted, set_rule(request.information_class));
        case IRP_MJ_QUERY_EA: return need(granted, FILE_READ_EA);
        case IRP_MJ_SET_EA: return need(granted, FILE_WRITE_EA);
        case IRP_MJ_QUERY_VOLUME_INFORMATION: return need_rule(granted, volume_query_rule(request.information_class));
        case IRP_MJ_SET_VOLUME_INFORMATION: return need(granted, FILE_WRITE_DATA);
        case IRP_MJ_DIRECTORY_CONTROL: return need(granted, FILE_LIST_DIRECTORY);
        case IRP_MJ_FILE_SYSTEM_CONTROL:
        case IRP_MJ_DEVICE_CONTROL:
        case IRP_MJ_INTERNAL_DEVICE_CONTROL: return need(granted, access_of_code(request.control_code));
        case IRP_MJ_LOCK_CONTROL: return need_one(granted, FILE_READ_DATA | FILE_WRITE_DATA);
        default: return STATUS_INVALID_DEVICE_REQUEST;
    }
}

}  // namespace pw::io
