// SPDX-License-Identifier: Apache-2.0
// Packs the structures that follow to 8 byte(s), until <poppack.h>.
#pragma pack(push, 8)
