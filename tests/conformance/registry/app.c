/* SPDX-License-Identifier: Apache-2.0 */
/* Installs its driver, gives it parameters in the registry, starts it, and shares keys with it. Needs administrator's rights. */
#include "public.h"

#include "frame/app_frame.h"

static void SetParameters(void)
{
    HKEY key;
    DWORD disposition = 0, limit = 4711;

    CHECK_EQUAL(RegCreateKeyExA(HKEY_LOCAL_MACHINE, SERVICE_KEY "\\Parameters", 0, NULL, REG_OPTION_NON_VOLATILE, KEY_ALL_ACCESS,
                                NULL, &key, &disposition),
                ERROR_SUCCESS);
    CHECK_EQUAL(disposition, REG_CREATED_NEW_KEY);
    CHECK_EQUAL(RegSetValueExA(key, "Limit", 0, REG_DWORD, (const BYTE *)&limit, sizeof(limit)), ERROR_SUCCESS);
    CHECK_EQUAL(RegSetValueExA(key, "Name", 0, REG_SZ, (const BYTE *)"party", 6), ERROR_SUCCESS);
    CHECK_EQUAL(RegCloseKey(key), ERROR_SUCCESS);
}

static void CheckService(void)
{
    DWORD type = 0, value = 0, bytes = sizeof(value);
    char path[MAX_PATH];
    HKEY key;

    CHECK_EQUAL(RegOpenKeyExA(HKEY_LOCAL_MACHINE, SERVICE_KEY, 0, KEY_READ, &key), ERROR_SUCCESS);
    CHECK_EQUAL(RegQueryValueExA(key, "Start", NULL, &type, (BYTE *)&value, &bytes), ERROR_SUCCESS);
    CHECK_EQUAL(type, REG_DWORD);
    CHECK_EQUAL(value, SERVICE_DEMAND_START);
    bytes = sizeof(path);
    CHECK_EQUAL(RegQueryValueExA(key, "imagepath", NULL, &type, (BYTE *)path, &bytes), ERROR_SUCCESS);
    CHECK_EQUAL(type, REG_EXPAND_SZ);
    CHECK_EQUAL(strlen(path) + 1, bytes);
    CHECK_EQUAL(RegCloseKey(key), ERROR_SUCCESS);
}

static void Values(void)
{
    HKEY key, child;
    DWORD bytes, type, length, index, number;
    char name[64], text[64];
    WCHAR wide[64];

    CHECK_EQUAL(RegCreateKeyExA(HKEY_LOCAL_MACHINE, SERVICE_KEY "\\FromApp", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(RegSetValueExA(key, "List", 0, REG_MULTI_SZ, (const BYTE *)"abc\0def\0", 9), ERROR_SUCCESS);
    CHECK_EQUAL(RegSetValueExW(key, L"Wide", 0, REG_SZ, (const BYTE *)L"wide", 5 * sizeof(WCHAR)), ERROR_SUCCESS);
    CHECK_EQUAL(RegSetValueExA(key, NULL, 0, REG_BINARY, (const BYTE *)"\1\2\3", 3), ERROR_SUCCESS);

    bytes = 0;
    CHECK_EQUAL(RegQueryValueExA(key, "Wide", NULL, &type, NULL, &bytes), ERROR_SUCCESS);
    CHECK_EQUAL(bytes, 5);
    bytes = 4;
    CHECK_EQUAL(RegQueryValueExA(key, "Wide", NULL, &type, (BYTE *)text, &bytes), ERROR_MORE_DATA);
    CHECK_EQUAL(bytes, 5);
    CHECK_EQUAL(RegQueryValueExA(key, "Wide", NULL, &type, (BYTE *)text, &bytes), ERROR_SUCCESS);
    CHECK_EQUAL(strcmp(text, "wide"), 0);
    bytes = sizeof(wide);
    CHECK_EQUAL(RegGetValueW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Services\\PwRegistryTest\\FromApp", L"Wide", RRF_RT_REG_SZ,
                             NULL, wide, &bytes),
                ERROR_SUCCESS);
    CHECK_EQUAL(bytes, 5 * sizeof(WCHAR));
    CHECK(SetEnvironmentVariableA("PW_REGISTRY", "place"));
    CHECK_EQUAL(RegSetValueExA(key, "Expand", 0, REG_EXPAND_SZ, (const BYTE *)"a %PW_REGISTRY% %no", 20), ERROR_SUCCESS);
    bytes = sizeof(text);
    CHECK_EQUAL(RegGetValueA(key, NULL, "Expand", RRF_RT_REG_SZ, &type, text, &bytes), ERROR_SUCCESS);
    CHECK_EQUAL(type, REG_SZ);
    CHECK_EQUAL(strcmp(text, "a place %no"), 0);
    CHECK_EQUAL(RegDeleteValueA(key, "Expand"), ERROR_SUCCESS);
    bytes = sizeof(number);
    CHECK_EQUAL(RegGetValueA(key, NULL, "Wide", RRF_RT_REG_DWORD, NULL, &number, &bytes), ERROR_UNSUPPORTED_TYPE);
    CHECK_EQUAL(RegQueryValueExA(key, "Nothing", NULL, NULL, NULL, NULL), ERROR_FILE_NOT_FOUND);

    for (index = 0, length = sizeof(name); RegEnumValueA(key, index, name, &length, NULL, &type, NULL, NULL) == ERROR_SUCCESS; ++index) {
        length = sizeof(name);
    }
    CHECK_EQUAL(index, 3);
    length = sizeof(name);
    CHECK_EQUAL(RegEnumValueA(key, 3, name, &length, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS);
    CHECK_EQUAL(RegDeleteValueA(key, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(RegDeleteValueA(key, NULL), ERROR_FILE_NOT_FOUND);

    CHECK_EQUAL(RegCreateKeyExA(key, "a\\b\\c", 0, NULL, REG_OPTION_VOLATILE, KEY_READ, NULL, &child, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(RegSetValueExA(child, "x", 0, REG_SZ, (const BYTE *)"", 1), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(RegCloseKey(child), ERROR_SUCCESS);
    length = sizeof(name);
    CHECK_EQUAL(RegEnumKeyExA(key, 0, name, &length, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(length, 1);
    CHECK_EQUAL(strcmp(name, "a"), 0);
    length = 1;
    CHECK_EQUAL(RegEnumKeyExA(key, 0, name, &length, NULL, NULL, NULL, NULL), ERROR_MORE_DATA);
    length = sizeof(name);
    CHECK_EQUAL(RegEnumKeyExA(key, 1, name, &length, NULL, NULL, NULL, NULL), ERROR_NO_MORE_ITEMS);
    CHECK_EQUAL(RegDeleteKeyA(key, "a"), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(RegDeleteKeyA(key, "a\\b\\c"), ERROR_SUCCESS);
    CHECK_EQUAL(RegDeleteKeyA(key, "a\\b\\c"), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegOpenKeyExA(key, "a\\b\\c", 0, KEY_READ, &child), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(RegDeleteTreeA(key, "a"), ERROR_SUCCESS);
    CHECK_EQUAL(RegQueryInfoKeyA(key, NULL, NULL, NULL, &number, NULL, NULL, &index, NULL, NULL, NULL, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(number, 0);
    CHECK_EQUAL(index, 2);
    CHECK_EQUAL(RegCloseKey(key), ERROR_SUCCESS);
    CHECK_EQUAL(RegCloseKey(key), ERROR_INVALID_HANDLE);
}

int main(int argc, char **argv)
{
    SC_HANDLE manager, service;
    SERVICE_STATUS status;
    PARAMETERS parameters;
    HANDLE device;
    DWORD returned = 0, answer = 0, bytes = sizeof(answer);
    HKEY key;

    if (argc < 2) {
        fprintf(stderr, "usage: registry DRIVER\n");
        return 1;
    }
    manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    CHECK(manager != NULL);
    service = CreateServiceA(manager, "PwRegistryTest", "Registry test", SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER, SERVICE_DEMAND_START,
                             SERVICE_ERROR_NORMAL, argv[1], NULL, NULL, NULL, NULL, NULL);
    CHECK(service != NULL);
    CheckService();
    SetParameters();
    CHECK(StartServiceA(service, 0, NULL));
    device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    memset(&parameters, 0, sizeof(parameters));
    CHECK(Control(device, IOCTL_PARAMETERS, NULL, 0, &parameters, sizeof(parameters), &returned));
    CHECK_EQUAL(parameters.Limit, 4711);
    CHECK_EQUAL(parameters.Missing, 77);
    CHECK_EQUAL(parameters.NameLength, 5);
    CHECK(parameters.Name[0] == 'p' && parameters.Name[4] == 'y');

    Values();
    CHECK(Control(device, IOCTL_CHECK_AND_ANSWER, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(RegGetValueA(HKEY_LOCAL_MACHINE, SERVICE_KEY "\\FromDriver", "Answer", RRF_RT_REG_DWORD, NULL, &answer, &bytes),
                ERROR_SUCCESS);
    CHECK_EQUAL(answer, 0x600D);

    {
        int failures = Finish(device);

        CHECK(ControlService(service, SERVICE_CONTROL_STOP, &status));
        CHECK(DeleteService(service));
        CHECK(CloseServiceHandle(service));
        CHECK(CloseServiceHandle(manager));
        CHECK_EQUAL(RegOpenKeyExA(HKEY_LOCAL_MACHINE, SERVICE_KEY, 0, KEY_READ, &key), ERROR_FILE_NOT_FOUND);
        return failures != 0 ? failures : CheckFailures > 100 ? 100 : CheckFailures;
    }
}
