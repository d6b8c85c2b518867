// SPDX-License-Identifier: Apache-2.0
// Attribute lists of CreateProcess: opaque memory of the program's own, which names what the new process is to get.
#pragma once

#include <cstddef>
#include <span>

#include "win32/windows.h"

// The documented rule is that a list holds pointers: the values stay the program's until the list is deleted.
struct _PROC_THREAD_ATTRIBUTE_LIST {
    struct Entry {
        DWORD_PTR attribute;
        const void* value;
        SIZE_T bytes;
    };
    DWORD magic;
    DWORD capacity;
    DWORD count;
    DWORD reserved;
    Entry entries[1];  // capacity of them

    static constexpr DWORD valid = 0x4C415050;
    [[nodiscard]] static SIZE_T bytes_for(DWORD capacity) {
        return offsetof(_PROC_THREAD_ATTRIBUTE_LIST, entries) + capacity * sizeof(Entry);
    }
    [[nodiscard]] const Entry* find(DWORD_PTR attribute) const {
        for (DWORD i = 0; i < count; ++i) {
            if (entries[i].attribute == attribute) return &entries[i];
        }
        return nullptr;
    }
    // PROC_THREAD_ATTRIBUTE_HANDLE_LIST; false: there is none.
    [[nodiscard]] bool handle_list(std::span<const HANDLE>* handles) const {
        const Entry* const entry = find(PROC_THREAD_ATTRIBUTE_HANDLE_LIST);
        if (entry == nullptr) return false;
        *handles = std::span(static_cast<const HANDLE*>(entry->value), entry->bytes / sizeof(HANDLE));
        return true;
    }
};
