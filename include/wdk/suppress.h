// SPDX-License-Identifier: Apache-2.0
// On Windows this numbers the warnings of the static analyser; there is none here.
