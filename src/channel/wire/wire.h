// SPDX-License-Identifier: Apache-2.0
// What travels between a client and its driver host: socket messages and the two pages of a thread. See docs/wire.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "base/checked_math.h"
#include "platform/shared_words.h"

namespace pw::channel {

// Every message of the socket starts with this. Numbers are in the machine's byte order: both ends run on one machine.
enum class MessageKind : std::uint32_t {
    hello = 1,          // client: the first message, with descriptors of its /proc/self/mem and /proc/self/maps
    welcome = 2,        // host: with the control pages and the nudge descriptor
    refused = 3,        // host: then it closes
    attach_thread = 4,  // client
    thread_attached = 5,  // host: with the request and reply page, or with a failing status and none
    mapping = 6,        // host: with the segment's descriptor the first time
    attach_file = 7,    // client: with the descriptor of a file that it opened
    file_attached = 8,  // host: the handle that the file has now
    touch_guard = 9,    // client: a fault at an address; was it a guard page?
    guard_touched = 10,  // host: the answer, behind the mapping message that took the guard away
};

inline constexpr std::uint32_t wire_magic = 0x57575031;  // the bytes "1PWW"
inline constexpr std::uint32_t wire_version = 3;
inline constexpr std::size_t max_message_bytes = 1024;
inline constexpr std::size_t build_id_bytes = 20;
// How many segments' descriptors a client keeps open for its host at a time.
inline constexpr std::size_t max_client_segments = 256;

enum : std::uint32_t { sanitizer_address = 1, sanitizer_thread = 2 };

struct Hello {
    std::uint32_t kind;
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t sanitizers;
    std::array<std::uint8_t, build_id_bytes> build_id;  // for diagnosis; equality is not required
    std::uint32_t process_token;                     // from PwCreateProcess, or 0
};

struct Welcome {
    std::uint32_t kind;
    std::uint32_t version;
    std::uint64_t slot_base;
    std::uint64_t slot_bytes;
    std::uint64_t room_bytes;  // what the slot can grow to, if the client keeps that free
    std::uint64_t arena_base;
    std::uint64_t arena_bytes;
    std::uint64_t first_mapping;  // the client applies mappings up to this number before it goes on
    std::uint32_t max_threads;
    std::uint32_t host_process_id;
};

// The first three fields keep their place in every version, so that any client can show the text.
struct Refused {
    std::uint32_t kind;
    std::uint32_t version;
    std::uint32_t text_bytes;
    char text[500];
};

struct AttachThread {
    std::uint32_t kind;
    std::uint32_t reserved;
    std::uint64_t token;  // from PwCreateThread, or 0
};

struct ThreadAttached {
    std::uint32_t kind;
    std::int32_t status;
};

struct AttachFile {
    std::uint32_t kind;
    std::uint32_t reserved;
};

struct FileAttached {
    std::uint32_t kind;
    std::int32_t status;
    std::uint64_t handle;  // 0 when the status fails
};

struct TouchGuard {
    std::uint32_t kind;
    std::uint32_t reserved;
    std::uint64_t address;
};

struct GuardTouched {
    std::uint32_t kind;
    std::uint32_t was_guard;  // 1: it was, and is no more
};

enum class MappingOperation : std::uint32_t {
    map = 1,
    unmap = 2,
    protect = 3,
    adopt = 4,           // like map, but the bytes at the address move into the segment first
    forget_segment = 5,  // the client closes its descriptor of `segment`
};

enum : std::uint32_t { mapping_copy_on_write = 1, mapping_has_descriptor = 2 };
// Bits of Mapping::access, as platform::PageAccess has them.
inline constexpr std::uint32_t mapping_access_mask = 7;

struct Mapping {
    std::uint32_t kind;
    std::uint32_t operation;
    std::uint64_t sequence;  // 1, 2, 3 …
    std::uint64_t address;
    std::uint64_t length_bytes;
    std::uint64_t segment;  // a name that the client caches the descriptor under; not an address
    std::uint64_t offset_bytes;
    std::uint32_t access;
    std::uint32_t flags;
};

// Client-writable, one per process.
struct ClientControlPage {
    std::atomic<std::uint64_t> applied_mapping;  // the newest mapping message that has been carried out
    std::atomic<std::uint64_t> reserved_bytes;   // so much the client keeps free from its slot's base on
};
// Host-writable, read-only for the client, one per process.
struct HostControlPage {
    std::atomic<std::uint64_t> issued_mapping;  // the newest mapping message that was decided (it may not be sent yet)
    std::atomic<std::uint64_t> has_guards;      // 1: the process has had a guard page, so a fault in the slot may be one
};

// The request page of a thread: its client writes, the host reads every field at most once.
struct RequestHeader {
    platform::SharedWord sequence;  // changes with each request; the host sleeps on it
    std::atomic<std::uint32_t> number;
    std::atomic<std::uint32_t> in_bytes;
    std::atomic<std::uint32_t> payload_bytes;
    std::atomic<std::uint32_t> processor;      // where the client ran when it posted the request
    std::atomic<std::uint32_t> client_sleeps;  // 1: wake the reply's sequence word
    std::uint32_t reserved[2];
};
// The reply page: the host writes, the client maps it read-only.
struct ReplyHeader {
    platform::SharedWord sequence;  // the request's number, when the reply is complete; the client sleeps on it
    std::atomic<std::int32_t> status;
    std::atomic<std::uint64_t> required_mapping;  // apply mapping messages up to this one before the call returns
    std::atomic<std::uint32_t> out_bytes;
    std::atomic<std::uint32_t> payload_bytes;
    std::atomic<std::uint32_t> processor;    // where the host's half of the thread ran
    std::atomic<std::uint32_t> may_spin;     // 1: this pair may spin (a host-wide bound)
    std::atomic<std::uint32_t> host_sleeps;  // 1: wake the request's sequence word
    std::atomic<std::uint32_t> flags;        // reply_user_apc_due
};

// Bits of ReplyHeader::flags. The thread is to take its user APCs (PwTakeUserApc) when the call has been finished.
inline constexpr std::uint32_t reply_user_apc_due = 1;

inline constexpr std::size_t request_body_bytes = page_size_bytes - sizeof(RequestHeader);
inline constexpr std::size_t reply_body_bytes = page_size_bytes - sizeof(ReplyHeader);

struct RequestPage {
    RequestHeader header;
    std::byte body[request_body_bytes];  // the In struct, then the payload at the next multiple of 8
};
struct ReplyPage {
    ReplyHeader header;
    std::byte body[reply_body_bytes];  // the Out struct, then the payload at the next multiple of 8
};

// A request with this number ends the thread's service; no reply follows.
inline constexpr std::uint32_t detach_call_number = 0xffffffffu;

// Where the payload starts in a body whose struct has so many bytes.
[[nodiscard]] constexpr std::uint32_t payload_offset(std::uint32_t struct_bytes) { return (struct_bytes + 7u) & ~7u; }

static_assert(sizeof(RequestHeader) == 32 && sizeof(ReplyHeader) == 40);
static_assert(sizeof(RequestPage) == page_size_bytes && sizeof(ReplyPage) == page_size_bytes);
static_assert(sizeof(Hello) == 40 && sizeof(Welcome) == 64 && sizeof(Refused) == 512 && sizeof(AttachThread) == 16 &&
              sizeof(ThreadAttached) == 8 && sizeof(AttachFile) == 8 && sizeof(FileAttached) == 16 && sizeof(Mapping) == 56 &&
              sizeof(TouchGuard) == 16 && sizeof(GuardTouched) == 8);
static_assert(std::is_trivially_copyable_v<Mapping> && std::is_trivially_copyable_v<Hello>);

}  // namespace pw::channel
