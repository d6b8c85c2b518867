// SPDX-License-Identifier: Apache-2.0
// CMake wants a source for a library that is made of other libraries.
