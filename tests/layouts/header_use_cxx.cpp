// SPDX-License-Identifier: Apache-2.0
// The same in C++, with the C++ library included after the NT headers.
#include "header_use.h"

#include <functional>
#include <string>
#include <vector>

GUID copy_of(const GUID& guid) { return guid == GUID_PARTYWALL_TEST ? guid : GUID(); }
