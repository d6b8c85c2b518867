// SPDX-License-Identifier: Apache-2.0
// GUID and DEFINE_GUID. Include <initguid.h> first to define instead of declare.
#ifndef PW_GUIDDEF_H
#define PW_GUIDDEF_H

#include <pw_compiler.h>
#include <string.h>

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
  unsigned int Data1;
  unsigned short Data2;
  unsigned short Data3;
  unsigned char Data4[8];
} GUID;
#endif

typedef GUID* LPGUID;
typedef const GUID* LPCGUID;
typedef GUID IID, *LPIID;
typedef GUID CLSID, *LPCLSID;
typedef GUID FMTID, *LPFMTID;
typedef GUID UUID, *PUUID;

#ifdef __cplusplus
#define REFGUID const GUID&
#define REFIID const IID&
#define REFCLSID const CLSID&
#define REFFMTID const FMTID&
PW_INLINE bool InlineIsEqualGUID(const GUID& a, const GUID& b) {
  return memcmp(&a, &b, sizeof(GUID)) == 0;
}
PW_INLINE bool IsEqualGUID(const GUID& a, const GUID& b) { return memcmp(&a, &b, sizeof(GUID)) == 0; }
__inline__ bool operator==(const GUID& a, const GUID& b) { return IsEqualGUID(a, b); }
#if __cplusplus < 202002L
__inline__ bool operator!=(const GUID& a, const GUID& b) { return !IsEqualGUID(a, b); }
#endif
#else
#define REFGUID const GUID*
#define REFIID const IID*
#define REFCLSID const CLSID*
#define REFFMTID const FMTID*
#define InlineIsEqualGUID(a, b) (memcmp((a), (b), sizeof(GUID)) == 0)
#define IsEqualGUID(a, b) (memcmp((a), (b), sizeof(GUID)) == 0)
#endif
#define IsEqualIID(a, b) IsEqualGUID(a, b)
#define IsEqualCLSID(a, b) IsEqualGUID(a, b)

#endif

// Outside the guard: a second inclusion after INITGUID must redefine DEFINE_GUID. Each source file
// that asks for the definition gets it; weak linkage merges them, as `selectany` does on Windows.
#undef DEFINE_GUID
#define PW_GUID_EXTERN PW_EXTERN_C __attribute__((__visibility__("hidden"))) const GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
  PW_GUID_EXTERN name __attribute__((__weak__));                     \
  const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) PW_GUID_EXTERN name
#endif
