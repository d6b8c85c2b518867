// SPDX-License-Identifier: Apache-2.0
// Cancel-safe queues: part of <wdm.h>.
#include <wdm.h>
