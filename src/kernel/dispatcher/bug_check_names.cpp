// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/bug_check_names.h"

namespace pw::ke {
namespace {

constexpr const char* status_text = "NTSTATUS of the exception";
constexpr const char* where_text = "address where it happened";
constexpr const char* address_text = "memory referenced";
constexpr const char* irql_text = "IRQL";

constexpr BugCheckDescription table[] = {
    {0x01, "APC_INDEX_MISMATCH", {"address of the system function", "thread's APC state index", "critical region count", nullptr}},
    {0x05, "INVALID_PROCESS_ATTACH_ATTEMPT", {"process to attach to", "current process", "reserved", "in a DPC"}},
    {0x06, "INVALID_PROCESS_DETACH_ATTEMPT", {nullptr, nullptr, nullptr, nullptr}},
    {0x08, "IRQL_NOT_DISPATCH_LEVEL", {"current IRQL", "expected IRQL", "reserved", "reserved"}},
    {0x09, "IRQL_NOT_GREATER_OR_EQUAL", {address_text, irql_text, "requested IRQL", where_text}},
    {0x0A, "IRQL_NOT_LESS_OR_EQUAL", {address_text, irql_text, "0 read, 1 write (or requested IRQL)", where_text}},
    {0x0C, "MAXIMUM_WAIT_OBJECTS_EXCEEDED", {"number of objects", nullptr, nullptr, nullptr}},
    {0x0F, "SPIN_LOCK_ALREADY_OWNED", {"spin lock", nullptr, nullptr, nullptr}},
    {0x10, "SPIN_LOCK_NOT_OWNED", {"spin lock", nullptr, nullptr, nullptr}},
    {0x11, "THREAD_NOT_MUTEX_OWNER", {"mutex", "thread", nullptr, nullptr}},
    {0x12, "TRAP_CAUSE_UNKNOWN", {"kind of trap", nullptr, nullptr, nullptr}},
    {0x18, "REFERENCE_BY_POINTER", {"object type", "object", "what was found", nullptr}},
    {0x19, "BAD_POOL_HEADER", {"kind of damage", "pool entry", "value found", "value expected"}},
    {0x1A, "MEMORY_MANAGEMENT", {"kind of damage", nullptr, nullptr, nullptr}},
    {0x1E, "KMODE_EXCEPTION_NOT_HANDLED", {status_text, where_text, "exception parameter 0", "exception parameter 1"}},
    {0x20, "KERNEL_APC_PENDING_DURING_EXIT", {"APC", "critical region count", irql_text, nullptr}},
    {0x35, "NO_MORE_IRP_STACK_LOCATIONS", {"IRP", nullptr, nullptr, nullptr}},
    {0x3B, "SYSTEM_SERVICE_EXCEPTION", {status_text, where_text, "context record", nullptr}},
    {0x3F, "NO_MORE_SYSTEM_PTES", {"kind", "pages requested", "pages free", nullptr}},
    {0x44, "MULTIPLE_IRP_COMPLETE_REQUESTS", {"IRP", nullptr, nullptr, nullptr}},
    {0x46, "DEREF_UNKNOWN_LOGON_SESSION", {"logon identifier", nullptr, nullptr, nullptr}},
    {0x48, "CANCEL_STATE_IN_COMPLETED_IRP", {"IRP", "cancel routine", nullptr, nullptr}},
    {0x4A, "IRQL_GT_ZERO_AT_SYSTEM_SERVICE", {"system call", irql_text, nullptr, nullptr}},
    {0x4D, "NO_PAGES_AVAILABLE", {"dirty pages", "non-paged pages", nullptr, nullptr}},
    {0x4E, "PFN_LIST_CORRUPT", {"kind of damage", "entry", "value", "value"}},
    {0x50, "PAGE_FAULT_IN_NONPAGED_AREA", {address_text, "0 read, 1 write, 8 execute", where_text, "kind"}},
    {0x73, "CONFIG_LIST_FAILED", {nullptr, nullptr, nullptr, nullptr}},
    {0x76, "PROCESS_HAS_LOCKED_PAGES", {"0", "process", "locked pages", "driver list or 0"}},
    {0x77, "KERNEL_STACK_INPAGE_ERROR", {"status", nullptr, nullptr, nullptr}},
    {0x7A, "KERNEL_DATA_INPAGE_ERROR", {"lock type", "NTSTATUS", nullptr, "address"}},
    {0x7E, "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED", {status_text, where_text, "exception record", "context record"}},
    {0x7F, "UNEXPECTED_KERNEL_MODE_TRAP", {"trap number", nullptr, nullptr, nullptr}},
    {0x81, "SPIN_LOCK_INIT_FAILURE", {"spin lock", "value found", nullptr, nullptr}},
    {0x8E, "KERNEL_MODE_EXCEPTION_NOT_HANDLED", {status_text, where_text, "trap frame", nullptr}},
    {0x93, "INVALID_KERNEL_HANDLE", {"handle", "kind", nullptr, nullptr}},
    {0x9F, "DRIVER_POWER_STATE_FAILURE", {"kind", "device object", nullptr, nullptr}},
    {0xA0, "INTERNAL_POWER_ERROR", {"kind", nullptr, nullptr, nullptr}},
    {0xB8, "ATTEMPTED_SWITCH_FROM_DPC", {"thread", nullptr, nullptr, nullptr}},
    {0xBE, "ATTEMPTED_WRITE_TO_READONLY_MEMORY", {"memory written", "page table entry", nullptr, nullptr}},
    {0xBF, "MUTEX_ALREADY_OWNED", {"mutex", "thread", nullptr, nullptr}},
    {0xC1, "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION", {"address freed", nullptr, nullptr, "kind"}},
    {0xC2, "BAD_POOL_CALLER", {"kind of violation", nullptr, nullptr, nullptr}},
    {0xC4, "DRIVER_VERIFIER_DETECTED_VIOLATION", {"kind of violation", "IRQL (most kinds)", "lock or object (most kinds)", nullptr}},
    {0xC5, "DRIVER_CORRUPTED_EXPOOL", {address_text, irql_text, "0 read, 1 write", where_text}},
    {0xC7, "TIMER_OR_DPC_INVALID", {"kind (0 timer, 1 DPC, 2 DPC routine)", "object", "start of the memory", "end of the memory"}},
    {0xC8, "IRQL_UNEXPECTED_VALUE", {"current IRQL << 16 | expected IRQL << 8 | unique value", "routine", nullptr, nullptr}},
    {0xC9, "DRIVER_VERIFIER_IOMANAGER_VIOLATION", {"kind of violation", "IRP, or what the kind says", "IRP (most kinds)", nullptr}},
    {0xCA, "PNP_DETECTED_FATAL_ERROR", {"kind", "device object", nullptr, nullptr}},
    {0xCB, "DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS", {"address in the driver", "its caller", "MDL", "locked pages"}},
    {0xCD, "PAGE_FAULT_BEYOND_END_OF_ALLOCATION", {address_text, "0 read, 1 write", where_text, nullptr}},
    {0xCE, "DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS", {address_text, "0 read, 1 write", where_text, nullptr}},
    {0xD0, "DRIVER_CORRUPTED_MMPOOL", {address_text, irql_text, "0 read, 1 write", where_text}},
    {0xD1, "DRIVER_IRQL_NOT_LESS_OR_EQUAL", {address_text, irql_text, "0 read, 1 write, 8 execute", where_text}},
    {0xD3, "DRIVER_PORTION_MUST_BE_NONPAGED", {address_text, irql_text, "0 read, 1 write", where_text}},
    {0xD5, "DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL", {address_text, "0 read, 1 write", where_text, nullptr}},
    {0xD6, "DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION", {address_text, "0 read, 1 write", where_text, nullptr}},
    {0xD8, "DRIVER_USED_EXCESSIVE_PTES", {"driver name", "entries used", nullptr, nullptr}},
    {0xDA, "SYSTEM_PTE_MISUSE", {"kind of violation", nullptr, nullptr, nullptr}},
    {0xE2, "MANUALLY_INITIATED_CRASH", {nullptr, nullptr, nullptr, nullptr}},
    {0xE3, "RESOURCE_NOT_OWNED", {"resource", "thread", "owner table", nullptr}},
    {0xE7, "INVALID_FLOATING_POINT_STATE", {"kind of violation", "address of the save area", "thread", nullptr}},
    {0xE4, "WORKER_INVALID", {"kind of error", "work item", nullptr, nullptr}},
    {0xE6, "DRIVER_VERIFIER_DMA_VIOLATION", {"kind of violation", nullptr, nullptr, nullptr}},
    {0xEA, "THREAD_STUCK_IN_DEVICE_DRIVER", {"thread", nullptr, "driver name", nullptr}},
    {0xF4, "CRITICAL_OBJECT_TERMINATION", {"kind of object", "object", "image name", nullptr}},
    {0xF7, "DRIVER_OVERRAN_STACK_BUFFER", {"cookie found", "cookie expected", "its complement", nullptr}},
    {0xFC, "ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY", {"address executed", "page table entry", nullptr, nullptr}},
    {0xFE, "BUGCODE_USB_DRIVER", {"kind", nullptr, nullptr, nullptr}},
    {0x101, "CLOCK_WATCHDOG_TIMEOUT", {"timeout in ticks", nullptr, "processor", nullptr}},
    {0x109, "CRITICAL_STRUCTURE_CORRUPTION", {nullptr, nullptr, nullptr, "kind"}},
    {0x10D, "WDF_VIOLATION", {"kind of violation", nullptr, nullptr, nullptr}},
    {0x133, "DPC_WATCHDOG_VIOLATION", {"0 one DPC, 1 all", "ticks", "limit", nullptr}},
    {0x139, "KERNEL_SECURITY_CHECK_FAILURE", {"kind of corruption", "trap frame", "exception record", nullptr}},
    {0x162, "KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE", {"thread", "lock", nullptr, nullptr}},
    {0x192, "KERNEL_AUTO_BOOST_LOCK_ACQUISITION_WITH_RAISED_IRQL", {"thread", "lock", irql_text, nullptr}},
    {0x4000008A, "THREAD_TERMINATE_HELD_MUTEX", {"thread", "mutex", nullptr, nullptr}},
    {0xDEADDEAD, "MANUALLY_INITIATED_CRASH1", {nullptr, nullptr, nullptr, nullptr}},
};

}  // namespace

const BugCheckDescription* describe_bug_check(ULONG code) {
    for (const BugCheckDescription& description : table) {
        if (description.code == code) return &description;
    }
    return nullptr;
}

}  // namespace pw::ke
