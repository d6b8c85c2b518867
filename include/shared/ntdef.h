// SPDX-License-Identifier: Apache-2.0
// The types of the native interface; everything else builds on this.
#ifndef PW_NTDEF_H
#define PW_NTDEF_H
#define _NTDEF_
#define _NTDEF_H

#include <pw_compiler.h>
#include <sdkddkver.h>
#ifndef PARTYWALL_BUILD
#include <sal.h>
#include <specstrings.h>
#include <driverspecs.h>
#endif
#include <basetsd.h>
#include <pw_basetypes.h>
#include <pw_ntbase.h>
#include <guiddef.h>
#ifndef PARTYWALL_BUILD
#include <pw_minmax.h>
#if __has_include(<excpt.h>)
#include <excpt.h>
#endif
#if __has_include(<pw_crt.h>)
#include <pw_crt.h>
#endif
#endif

#ifndef _NTSTATUS_PSDK
#define _NTSTATUS_PSDK
#endif

#ifdef DBG
#define PW_DBG DBG
#else
#define PW_DBG 0
#endif

#endif
