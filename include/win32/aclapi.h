// SPDX-License-Identifier: Apache-2.0
// Security of objects by handle or name.
#ifndef PW_WIN32_ACLAPI_H
#define PW_WIN32_ACLAPI_H

#include "accctrl.h"

PW_API_BEGIN
DWORD WINAPI GetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE ObjectType, SECURITY_INFORMATION SecurityInfo,
    PSID* ppsidOwner, PSID* ppsidGroup, PACL* ppDacl, PACL* ppSacl, PSECURITY_DESCRIPTOR* ppSecurityDescriptor);
DWORD WINAPI SetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE ObjectType, SECURITY_INFORMATION SecurityInfo,
    PSID psidOwner, PSID psidGroup, PACL pDacl, PACL pSacl);
PW_API_END

#endif
