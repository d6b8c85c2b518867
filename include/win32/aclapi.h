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
DWORD WINAPI SetEntriesInAclA(ULONG cCountOfExplicitEntries, PEXPLICIT_ACCESS_A pListOfExplicitEntries, PACL OldAcl,
    PACL* NewAcl);
DWORD WINAPI SetEntriesInAclW(ULONG cCountOfExplicitEntries, PEXPLICIT_ACCESS_W pListOfExplicitEntries, PACL OldAcl,
    PACL* NewAcl);
void WINAPI BuildTrusteeWithSidA(PTRUSTEE_A pTrustee, PSID pSid);
void WINAPI BuildTrusteeWithSidW(PTRUSTEE_W pTrustee, PSID pSid);
PW_API_END

#ifndef PARTYWALL_BUILD
#ifdef UNICODE
#define SetEntriesInAcl SetEntriesInAclW
#define BuildTrusteeWithSid BuildTrusteeWithSidW
#else
#define SetEntriesInAcl SetEntriesInAclA
#define BuildTrusteeWithSid BuildTrusteeWithSidA
#endif
#endif

#endif
