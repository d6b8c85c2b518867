// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/error_log.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

// Stands before the packet that the driver fills.
struct alignas(16) Entry {
    Ref<DriverObject> driver;
    UCHAR packet_bytes;

    [[nodiscard]] PIO_ERROR_LOG_PACKET packet() { return reinterpret_cast<PIO_ERROR_LOG_PACKET>(this + 1); }
    [[nodiscard]] static Entry* of(PIO_ERROR_LOG_PACKET packet) { return reinterpret_cast<Entry*>(packet) - 1; }
};

// The insertion strings: NUL-terminated, one after the other, within the entry whatever the driver says.
std::string strings_of(const IO_ERROR_LOG_PACKET& packet, std::size_t packet_bytes) {
    const auto* bytes = reinterpret_cast<const std::byte*>(&packet);
    std::string all;
    std::size_t offset = packet.StringOffset;
    for (unsigned left = packet.NumberOfStrings; left != 0; --left) {
        std::u16string text;
        for (char16_t c = 0; offset + sizeof(c) <= packet_bytes; text.push_back(c)) {
            std::memcpy(&c, bytes + offset, sizeof(c));
            offset += sizeof(c);
            if (c == 0) break;
        }
        all += (all.empty() ? ": " : ", ") + narrow(text);
    }
    return all;
}

}  // namespace

PIO_ERROR_LOG_PACKET allocate_error_log_entry(ob::Object* object, UCHAR entry_bytes) {
    if (entry_bytes < sizeof(IO_ERROR_LOG_PACKET) || entry_bytes > ERROR_LOG_MAXIMUM_SIZE) return nullptr;
    DriverObject* driver = ob::object_cast<DriverObject>(object);
    if (auto* device = ob::object_cast<DeviceObject>(object)) driver = &device->driver();
    if (!driver) return nullptr;
    void* memory = ::operator new(sizeof(Entry) + entry_bytes, std::align_val_t{alignof(Entry)}, std::nothrow);
    if (!memory) return nullptr;
    auto* entry = ::new (memory) Entry{Ref<DriverObject>(driver), entry_bytes};
    std::memset(static_cast<void*>(entry->packet()), 0, entry_bytes);
    return entry->packet();
}

void write_error_log_entry(PIO_ERROR_LOG_PACKET packet, IoDiagnostics& diagnostics) {
    Entry* entry = Entry::of(packet);
    char head[160];
    std::snprintf(head, sizeof(head), "error log: code 0x%08X, final status 0x%08X, unique value 0x%X, major function 0x%02X",
                  static_cast<unsigned>(packet->ErrorCode), static_cast<unsigned>(packet->FinalStatus),
                  packet->UniqueErrorValue, packet->MajorFunctionCode);
    diagnostics.report(entry->driver->display_name(), head + strings_of(*packet, entry->packet_bytes));
    free_error_log_entry(packet);
}

void free_error_log_entry(PIO_ERROR_LOG_PACKET packet) {
    Entry* entry = Entry::of(packet);
    entry->~Entry();
    ::operator delete(static_cast<void*>(entry), std::align_val_t{alignof(Entry)});
}

}  // namespace pw::io
