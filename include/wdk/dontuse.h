// SPDX-License-Identifier: Apache-2.0
// On Windows this deprecates functions that drivers should not use; here it deprecates nothing.
