// SPDX-License-Identifier: Apache-2.0
// The service control manager's functions, as far as kernel drivers need them.
#include "win32/winsvc.h"

#include "win32_api/pw_calls.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr LONG rpc_server_unavailable = 1722;  // RPC_S_SERVER_UNAVAILABLE

SC_HANDLE service_handle(HANDLE handle) { return reinterpret_cast<SC_HANDLE>(handle); }
HANDLE kernel_handle(SC_HANDLE handle) { return reinterpret_cast<HANDLE>(handle); }
ServiceText service_text(LPCWSTR text) {
    if (text == nullptr) return {};
    return {text, static_cast<std::uint32_t>(length_of(text))};
}
bool is_empty(LPCWSTR text) { return text == nullptr || *text == 0; }

// The outcome of a call to the manager: a status of the call itself, or the manager's own error.
BOOL outcome(NTSTATUS status, ULONG win32_error) {
    if (!NT_SUCCESS(status)) return bool_of(status);
    return win32_error == 0 ? TRUE : fail(static_cast<LONG>(win32_error));
}

SC_HANDLE opened(NTSTATUS status, ULONG win32_error, HANDLE handle) {
    return outcome(status, win32_error) ? service_handle(handle) : nullptr;
}

SC_HANDLE refuse(LONG error) {
    fail(error);
    return nullptr;
}

SERVICE_STATUS status_of(const ServiceState& state) {
    SERVICE_STATUS status{};
    status.dwServiceType = state.service_type;
    status.dwCurrentState = state.current_state;
    status.dwControlsAccepted = state.controls_accepted;
    status.dwWin32ExitCode = state.exit_code;
    return status;
}

}  // namespace

SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access) {
    if (!is_empty(machine)) return refuse(rpc_server_unavailable);  // there is this machine only
    if (!is_empty(database) && lstrcmpiW(database, u"ServicesActive") != 0) {
        return refuse(lstrcmpiW(database, u"ServicesFailed") == 0 ? ERROR_DATABASE_DOES_NOT_EXIST : ERROR_INVALID_NAME);
    }
    HANDLE manager = nullptr;
    const NTSTATUS status = pw_scm_open(access | SC_MANAGER_CONNECT, &manager);
    return opened(status, 0, manager);
}

SC_HANDLE WINAPI OpenSCManagerA(LPCSTR machine, LPCSTR database, DWORD access) {
    return OpenSCManagerW(WideArgument(machine), WideArgument(database), access);
}

// Load order groups and tags order the start of the system, which is over. What would change how the driver runs and is not
// kept is refused: dependencies, and the account, which for a driver is the name of its object.
SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR display_name, DWORD access, DWORD type,
                                DWORD start_type, DWORD error_control, LPCWSTR path, LPCWSTR, LPDWORD tag,
                                LPCWSTR dependencies, LPCWSTR account, LPCWSTR) {
    if (name == nullptr || path == nullptr) return refuse(ERROR_INVALID_PARAMETER);
    if (!is_empty(dependencies) || !is_empty(account)) return refuse(ERROR_CALL_NOT_IMPLEMENTED);
    HANDLE service = nullptr;
    ULONG error = 0;
    const NTSTATUS status =
        pw_scm_create_service(kernel_handle(manager), service_text(name), service_text(display_name), service_text(path),
                              access, type, start_type, error_control, &service, &error);
    if (NT_SUCCESS(status) && error == 0 && tag != nullptr) *tag = 0;
    return opened(status, error, service);
}

SC_HANDLE WINAPI CreateServiceA(SC_HANDLE manager, LPCSTR name, LPCSTR display_name, DWORD access, DWORD type,
                                DWORD start_type, DWORD error_control, LPCSTR path, LPCSTR group, LPDWORD tag,
                                LPCSTR dependencies, LPCSTR account, LPCSTR password) {
    return CreateServiceW(manager, WideArgument(name), WideArgument(display_name), access, type, start_type, error_control,
                          WideArgument(path), WideArgument(group), tag, WideArgument(dependencies), WideArgument(account),
                          WideArgument(password));
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access) {
    if (name == nullptr) return refuse(ERROR_INVALID_PARAMETER);
    HANDLE service = nullptr;
    ULONG error = 0;
    const NTSTATUS status = pw_scm_open_service(kernel_handle(manager), service_text(name), access, &service, &error);
    return opened(status, error, service);
}

SC_HANDLE WINAPI OpenServiceA(SC_HANDLE manager, LPCSTR name, DWORD access) {
    return OpenServiceW(manager, WideArgument(name), access);
}

// "Driver services do not receive these arguments."
BOOL WINAPI StartServiceW(SC_HANDLE service, DWORD, LPCWSTR*) {
    ULONG error = 0;
    const NTSTATUS status = pw_scm_start_service(kernel_handle(service), &error);
    return outcome(status, error);
}

BOOL WINAPI StartServiceA(SC_HANDLE service, DWORD, LPCSTR*) { return StartServiceW(service, 0, nullptr); }

BOOL WINAPI ControlService(SC_HANDLE service, DWORD control, LPSERVICE_STATUS service_status) {
    if (service_status == nullptr) return fail(ERROR_INVALID_PARAMETER);
    ServiceState state;
    const NTSTATUS status = pw_scm_control_service(kernel_handle(service), control, &state);
    // "The latest status information" also comes with the errors that are about the service's state.
    const bool tells_status = NT_SUCCESS(status) &&
                              (state.win32_error == 0 || state.win32_error == ERROR_INVALID_SERVICE_CONTROL ||
                               state.win32_error == ERROR_SERVICE_CANNOT_ACCEPT_CTRL ||
                               state.win32_error == ERROR_SERVICE_NOT_ACTIVE);
    if (tells_status) *service_status = status_of(state);
    return outcome(status, state.win32_error);
}

BOOL WINAPI QueryServiceStatus(SC_HANDLE service, LPSERVICE_STATUS service_status) {
    ServiceState state;
    const NTSTATUS status = pw_scm_query_service(kernel_handle(service), &state);
    if (!outcome(status, state.win32_error)) return FALSE;
    *service_status = status_of(state);
    return TRUE;
}

BOOL WINAPI QueryServiceStatusEx(SC_HANDLE service, SC_STATUS_TYPE level, LPBYTE buffer, DWORD size_bytes,
                                 LPDWORD needed_bytes) {
    if (level != SC_STATUS_PROCESS_INFO) return fail(ERROR_INVALID_LEVEL);
    *needed_bytes = sizeof(SERVICE_STATUS_PROCESS);
    if (size_bytes < sizeof(SERVICE_STATUS_PROCESS)) return fail(ERROR_INSUFFICIENT_BUFFER);
    SERVICE_STATUS status{};
    if (!QueryServiceStatus(service, &status)) return FALSE;
    // A driver runs in no process of its own: number and flags stay 0.
    SERVICE_STATUS_PROCESS process{};
    process.dwServiceType = status.dwServiceType;
    process.dwCurrentState = status.dwCurrentState;
    process.dwControlsAccepted = status.dwControlsAccepted;
    process.dwWin32ExitCode = status.dwWin32ExitCode;
    *reinterpret_cast<SERVICE_STATUS_PROCESS*>(buffer) = process;
    return TRUE;
}

BOOL WINAPI DeleteService(SC_HANDLE service) {
    ULONG error = 0;
    const NTSTATUS status = pw_scm_delete_service(kernel_handle(service), &error);
    return outcome(status, error);
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle) { return bool_of(NtClose(kernel_handle(handle))); }

// Descriptions and failure actions are kept nowhere. Installers set them as an extra and go on without.
BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE, DWORD, LPVOID) { return fail(ERROR_CALL_NOT_IMPLEMENTED); }
BOOL WINAPI ChangeServiceConfig2A(SC_HANDLE, DWORD, LPVOID) { return fail(ERROR_CALL_NOT_IMPLEMENTED); }
