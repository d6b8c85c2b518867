// SPDX-License-Identifier: Apache-2.0
// Packs the structures that follow to 4 byte(s), until <poppack.h>.
#pragma pack(push, 4)
