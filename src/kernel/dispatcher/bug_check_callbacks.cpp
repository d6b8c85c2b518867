// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/bug_check_callbacks.h"

#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace pw::ke {
namespace {

constexpr std::size_t shown_bytes = 16;
constexpr ULONG max_secondary_bytes = 4096;
constexpr int max_parts = 16;

// Process-wide, as the report is. Bug checks read the lists without it: whoever holds it then will never let go.
std::mutex registry_lock;
LIST_ENTRY callbacks = {&callbacks, &callbacks};
LIST_ENTRY reason_callbacks = {&reason_callbacks, &reason_callbacks};

KBUGCHECK_CALLBACK_RECORD& callback_of(LIST_ENTRY* entry) { return *CONTAINING_RECORD(entry, KBUGCHECK_CALLBACK_RECORD, Entry); }
KBUGCHECK_REASON_CALLBACK_RECORD& reason_callback_of(LIST_ENTRY* entry) {
    return *CONTAINING_RECORD(entry, KBUGCHECK_REASON_CALLBACK_RECORD, Entry);
}

// NT's check that a record is whole: over what registration has written.
ULONG_PTR checksum_of(const KBUGCHECK_CALLBACK_RECORD& record) {
    return reinterpret_cast<ULONG_PTR>(record.CallbackRoutine) + reinterpret_cast<ULONG_PTR>(record.Buffer) + record.Length +
           reinterpret_cast<ULONG_PTR>(record.Component);
}
ULONG_PTR checksum_of(const KBUGCHECK_REASON_CALLBACK_RECORD& record) {
    return reinterpret_cast<ULONG_PTR>(record.CallbackRoutine) + static_cast<ULONG_PTR>(record.Reason) +
           reinterpret_cast<ULONG_PTR>(record.Component);
}

const char* reason_name(KBUGCHECK_CALLBACK_REASON reason) {
    switch (reason) {
        case KbCallbackSecondaryDumpData:
            return "secondary dump data";
        case KbCallbackSecondaryMultiPartDumpData:
            return "multi-part dump data";
        case KbCallbackDumpIo:
            return "dump I/O";
        case KbCallbackAddPages:
            return "add pages";
        case KbCallbackRemovePages:
            return "remove pages";
        case KbCallbackTriageDumpData:
            return "triage dump data";
        default:
            return nullptr;
    }
}

class Line {
public:
    explicit Line(const char* kind, const UCHAR* component) {
        add("  bug-check callback (%s) of %s", kind, component ? reinterpret_cast<const char*>(component) : "?");
    }
    __attribute__((format(printf, 2, 3))) void add(const char* format, ...) {
        va_list arguments;
        va_start(arguments, format);
        const int length = std::vsnprintf(text_ + used_, sizeof text_ - used_, format, arguments);
        va_end(arguments);
        if (length > 0) used_ = used_ + static_cast<std::size_t>(length) < sizeof text_ ? used_ + static_cast<std::size_t>(length) : sizeof text_ - 1;
    }
    void add_bytes(const void* data, std::size_t length_bytes) {
        add(": %zu bytes", length_bytes);
        const auto* bytes = static_cast<const unsigned char*>(data);
        for (std::size_t i = 0; i < length_bytes && i < shown_bytes; ++i) add(" %02x", bytes[i]);
        if (length_bytes > shown_bytes) add(" ...");
    }
    [[nodiscard]] const char* text() const { return text_; }

private:
    char text_[256] = {};
    std::size_t used_ = 0;
};

alignas(16) unsigned char secondary_buffer[max_secondary_bytes];

void run_secondary(KBUGCHECK_REASON_CALLBACK_RECORD& record, Line& line) {
    KBUGCHECK_SECONDARY_DUMP_DATA data = {};
    data.InBuffer = secondary_buffer;
    data.InBufferLength = data.MaximumAllowed = max_secondary_bytes;
    record.CallbackRoutine(record.Reason, &record, &data, sizeof data);
    if (data.OutBuffer && data.OutBufferLength != 0 && data.OutBufferLength <= data.MaximumAllowed) {
        line.add_bytes(data.OutBuffer, data.OutBufferLength);
    }
}

void run_pages(KBUGCHECK_REASON_CALLBACK_RECORD& record, Line& line) {
    KBUGCHECK_ADD_PAGES data = {};
    ULONG_PTR pages = 0;
    // "Called again as long as it sets KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST."
    for (int part = 0; part < max_parts; ++part) {
        data.Flags = 0;
        data.Address = data.Count = 0;
        record.CallbackRoutine(record.Reason, &record, &data, sizeof data);
        pages += data.Count;
        if ((data.Flags & KB_ADD_PAGES_FLAG_ADDITIONAL_RANGES_EXIST) == 0) break;
    }
    line.add(": %llu pages", static_cast<unsigned long long>(pages));
}

void run_dump_io(KBUGCHECK_REASON_CALLBACK_RECORD& record, Line& line) {
    // There is no dump file: the header and the end of one are all that a driver sees.
    KBUGCHECK_DUMP_IO data = {};
    data.Type = KbDumpIoHeader;
    record.CallbackRoutine(record.Reason, &record, &data, sizeof data);
    data.Type = KbDumpIoComplete;
    record.CallbackRoutine(record.Reason, &record, &data, sizeof data);
    line.add(": called");
}

}  // namespace

bool register_bug_check_callback(KBUGCHECK_CALLBACK_RECORD& record, PKBUGCHECK_CALLBACK_ROUTINE routine, void* buffer,
                                 ULONG length_bytes, UCHAR* component) {
    std::lock_guard lock(registry_lock);
    if (record.State != BufferEmpty) return false;
    record.CallbackRoutine = routine;
    record.Buffer = buffer;
    record.Length = length_bytes;
    record.Component = component;
    record.Checksum = checksum_of(record);
    record.State = BufferInserted;
    InsertTailList(&callbacks, &record.Entry);
    return true;
}

bool deregister_bug_check_callback(KBUGCHECK_CALLBACK_RECORD& record) {
    std::lock_guard lock(registry_lock);
    if (record.State != BufferInserted) return false;
    RemoveEntryList(&record.Entry);
    record.State = BufferEmpty;
    return true;
}

bool register_bug_check_reason_callback(KBUGCHECK_REASON_CALLBACK_RECORD& record, PKBUGCHECK_REASON_CALLBACK_ROUTINE routine,
                                        KBUGCHECK_CALLBACK_REASON reason, UCHAR* component) {
    std::lock_guard lock(registry_lock);
    if (record.State != BufferEmpty || !reason_name(reason)) return false;
    record.CallbackRoutine = routine;
    record.Component = component;
    record.Reason = reason;
    record.Checksum = checksum_of(record);
    record.State = BufferInserted;
    InsertTailList(&reason_callbacks, &record.Entry);
    return true;
}

bool deregister_bug_check_reason_callback(KBUGCHECK_REASON_CALLBACK_RECORD& record) {
    std::lock_guard lock(registry_lock);
    if (record.State != BufferInserted) return false;
    RemoveEntryList(&record.Entry);
    record.State = BufferEmpty;
    return true;
}

unsigned forget_bug_check_callbacks(ULONG_PTR base, ULONG_PTR length_bytes) {
    const auto is_inside = [&](auto routine) { return reinterpret_cast<ULONG_PTR>(routine) - base < length_bytes; };
    unsigned count = 0;
    std::lock_guard lock(registry_lock);
    for (LIST_ENTRY *entry = callbacks.Flink, *next; entry != &callbacks; entry = next) {
        next = entry->Flink;
        if (!is_inside(callback_of(entry).CallbackRoutine)) continue;
        RemoveEntryList(entry);
        ++count;
    }
    for (LIST_ENTRY *entry = reason_callbacks.Flink, *next; entry != &reason_callbacks; entry = next) {
        next = entry->Flink;
        if (!is_inside(reason_callback_of(entry).CallbackRoutine)) continue;
        RemoveEntryList(entry);
        ++count;
    }
    return count;
}

void run_bug_check_callbacks(void (*line)(void* context, const char* text), void* context) {
    for (LIST_ENTRY* entry = callbacks.Flink; entry != &callbacks; entry = entry->Flink) {
        KBUGCHECK_CALLBACK_RECORD& record = callback_of(entry);
        if (record.State != BufferInserted || record.Checksum != checksum_of(record)) {
            line(context, "  a bug-check callback record has been overwritten: not called");
            continue;
        }
        record.State = BufferStarted;
        record.CallbackRoutine(record.Buffer, record.Length);
        record.State = BufferFinished;
        Line text("buffer", record.Component);
        if (record.Buffer) text.add_bytes(record.Buffer, record.Length);
        line(context, text.text());
    }
    for (LIST_ENTRY* entry = reason_callbacks.Flink; entry != &reason_callbacks; entry = entry->Flink) {
        KBUGCHECK_REASON_CALLBACK_RECORD& record = reason_callback_of(entry);
        if (record.State != BufferInserted || record.Checksum != checksum_of(record)) {
            line(context, "  a bug-check callback record has been overwritten: not called");
            continue;
        }
        record.State = BufferStarted;
        Line text(reason_name(record.Reason), record.Component);
        switch (record.Reason) {
            case KbCallbackSecondaryDumpData:
                run_secondary(record, text);
                break;
            case KbCallbackAddPages:
                run_pages(record, text);
                break;
            case KbCallbackDumpIo:
                run_dump_io(record, text);
                break;
            default:
                text.add(": not called, there is no dump file");
                break;
        }
        record.State = BufferFinished;
        line(context, text.text());
    }
}

}  // namespace pw::ke
