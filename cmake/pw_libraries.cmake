# SPDX-License-Identifier: Apache-2.0
# The shared libraries that users' programs meet: rt (both sides), kernel (drivers), win32 (applications).
