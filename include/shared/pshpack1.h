// SPDX-License-Identifier: Apache-2.0
// Packs the structures that follow to 1 byte(s), until <poppack.h>.
#pragma pack(push, 1)
