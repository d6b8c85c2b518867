// SPDX-License-Identifier: Apache-2.0
#include "channel/server/connection.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <utility>

#include "channel/server/refusal.h"
#include "channel/wire/wire_validate.h"
#include "ntstatus.h"
#include "platform/peer_process.h"
#include "platform/readiness.h"
#include "platform/section_file.h"

namespace pw::channel {
namespace {

constexpr int stalled_backlog_retry_ms = 10;

std::uint32_t process_of(int socket) {
    platform::PeerCredentials peer;
    return platform::peer_credentials(socket, &peer) ? peer.process_id : 0;
}

}  // namespace

Connection::Connection(platform::Descriptor socket, const ServerOptions& options, nt::KernelPort& port, SpinSlots& slots,
                       int ended_event)
    : socket_(std::move(socket)),
      attention_(platform::make_event_descriptor()),
      nudge_(platform::make_event_descriptor()),
      options_(options),
      port_(port),
      slots_(slots),
      connecting_process_(process_of(socket_.get())),
      ended_event_(ended_event),
      queue_(socket_.get(), attention_.get()) {}

bool Connection::start() {
    return attention_ && nudge_ && os_thread_.start("pw-connection", [this] { run(); });
}

void Connection::close() {
    closing_.store(true, std::memory_order_release);
    if (attention_) platform::signal_event_descriptor(attention_.get());
}

void Connection::report(const std::string& text) const {
    if (options_.report) options_.report(text);
}

void Connection::run() {
    if (shake_hands() && attach_process()) {
        serve();
        run_down();
    }
    ended_.store(true, std::memory_order_release);
    platform::signal_event_descriptor(ended_event_);
}

bool Connection::shake_hands() {
    if (!platform::peer_credentials(socket_.get(), &peer_)) return false;
    pidfd_ = platform::peer_pidfd(socket_.get(), peer_.process_id);
    std::array<platform::ReadyDescriptor, 2> wait{};
    wait[0].fd = socket_.get();
    wait[0].want_read = true;
    wait[1].fd = attention_.get();
    wait[1].want_read = true;
    if (!platform::wait_until_ready(wait, options_.handshake_timeout_ms)) {
        report("a client connected and said nothing: closed");
        return false;
    }
    std::array<std::byte, max_message_bytes> room;
    platform::ReceivedMessage message;
    if (platform::receive_message(socket_.get(), room, &message) != platform::SocketOutcome::ok) return false;
    const std::string refusal = refusal_of(message, std::span(room).first(message.length_bytes));
    if (!refusal.empty()) {
        refuse(refusal);
        return false;
    }
    Hello hello;
    static_cast<void>(validate_hello(std::span(room).first(message.length_bytes), message.descriptor_count, &hello));
    process_token_ = hello.process_token;
    client_memory_file_ = std::move(message.descriptors[0]);
    client_maps_file_ = std::move(message.descriptors[1]);
    return true;
}

std::string Connection::refusal_of(const platform::ReceivedMessage& message, std::span<const std::byte> bytes) {
    // What it passes could not be received.
    if (message.truncated && message_kind(bytes) == static_cast<std::uint32_t>(MessageKind::hello) && bytes.size() == sizeof(Hello)) {
        return out_of_descriptors_text();
    }
    Hello hello;
    const HelloVerdict verdict =
        message.truncated ? HelloVerdict::malformed : validate_hello(bytes, message.descriptor_count, &hello);
    if (verdict == HelloVerdict::other_version) {
        char text[160];
        std::snprintf(text, sizeof text, "the program speaks channel version %u, the driver host version %u: build both with the same Partywall",
                      hello.version, wire_version);
        return text;
    }
    if (verdict == HelloVerdict::malformed) return "the first message is no Partywall greeting";
    if (!message.has_credentials || message.credentials != peer_) {
        return "the greeting came from another process than the one that connected";
    }
    const std::uint32_t own_user = platform::effective_user();
    if (!options_.serve_other_users && peer_.user_id != own_user && peer_.user_id != 0) {
        return "this driver host belongs to user " + std::to_string(own_user) + " and does not serve user " +
               std::to_string(peer_.user_id);
    }
    if (!platform::is_process_file(message.descriptors[0].get(), "mem") ||
        !platform::is_process_file(message.descriptors[1].get(), "maps")) {
        return "the greeting does not carry the process's memory files";
    }
    if (!pidfd_) return "the process is gone";
    return {};
}

void Connection::refuse(const std::string& text) {
    queue_.push_struct(refusal(text));
    queue_.open();
    report("refused process " + std::to_string(peer_.process_id) + ": " + text);
}

bool Connection::attach_process() {
    client_control_ = platform::SharedPage::create("partywall-client-control", platform::PeerAccess::read_write);
    host_control_ = platform::SharedPage::create("partywall-host-control", platform::PeerAccess::read_only);
    if (!client_control_ || !host_control_) {
        refuse(out_of_descriptors_text());
        return false;
    }
    auto& host = *reinterpret_cast<HostControlPage*>(host_control_.data());
    const auto& client = *reinterpret_cast<const ClientControlPage*>(client_control_.data());
    mapping_ = std::make_unique<RemoteMappingClient>(queue_, host, client, nudge_.get());
    client_memory_ =
        std::make_unique<mm::DescriptorClientMemory>(client_memory_file_.get(), client_maps_file_.get());

    nt::ClientIdentity identity;
    identity.process_id = peer_.process_id;
    identity.user_id = peer_.user_id;
    identity.group_id = peer_.group_id;
    identity.groups = platform::peer_groups(socket_.get());
    identity.image_name = platform::process_image_name(peer_.process_id);
    identity.process_token = process_token_;
    identity.killer = this;
    nt::SlotInfo slot;
    Result<ps::Process*> process = port_.attach_process(identity, *mapping_, client_memory_.get(), &slot);
    if (!process.is_ok()) {
        char text[96];
        std::snprintf(text, sizeof text, "the kernel refused the process with status 0x%08x",
                      static_cast<unsigned>(process.status().code()));
        refuse(text);
        return false;
    }
    process_ = *process;
    slot.room_bytes = std::max(slot.room_bytes, slot.length_bytes);
    mapping_->set_slot(slot.base, slot.room_bytes);

    Welcome welcome{};
    welcome.kind = static_cast<std::uint32_t>(MessageKind::welcome);
    welcome.version = wire_version;
    welcome.slot_base = slot.base;
    welcome.slot_bytes = slot.length_bytes;
    welcome.room_bytes = slot.room_bytes;
    welcome.arena_base = slot.arena_base;
    welcome.arena_bytes = slot.arena_bytes;
    welcome.first_mapping = mapping_->issued();
    welcome.max_threads = options_.max_threads_per_process;
    welcome.host_process_id = platform::own_process_id();
    const int descriptors[] = {client_control_.descriptor().get(), host_control_.descriptor().get(), nudge_.get()};
    // The queue is still closed and already holds the first mappings; the welcome goes past them.
    const auto outcome =
        platform::send_message(socket_.get(), std::as_bytes(std::span(&welcome, 1)), descriptors);
    client_control_.close_descriptor();
    host_control_.close_descriptor();
    if (outcome == platform::SocketOutcome::ok) queue_.open();
    else closing_.store(true, std::memory_order_relaxed);  // serve() returns at once and the process is run down
    return true;
}

void Connection::serve() {
    bool stalled = false;
    while (!closing_.load(std::memory_order_acquire) && !queue_.is_cut_off()) {
        std::array<platform::ReadyDescriptor, 3> wait{};
        wait[0].fd = socket_.get();
        wait[0].want_read = true;
        wait[0].want_write = !stalled && queue_.has_backlog();
        wait[1].fd = pidfd_.get();
        wait[1].want_read = true;
        wait[2].fd = attention_.get();
        wait[2].want_read = true;
        platform::wait_until_ready(wait, stalled ? stalled_backlog_retry_ms : -1);
        if (wait[1].readable || wait[1].hung_up) return;
        if (wait[2].readable) platform::drain_event_descriptor(attention_.get());
        if (wait[0].readable ? !receive() : wait[0].hung_up) return;
        if (stalled || wait[0].writable) stalled = !queue_.flush();
        reap_threads();
    }
}

bool Connection::receive() {
    std::array<std::byte, max_message_bytes> room;
    platform::ReceivedMessage message;
    switch (platform::receive_message(socket_.get(), room, &message)) {
        case platform::SocketOutcome::would_block: return true;
        case platform::SocketOutcome::closed: return false;
        case platform::SocketOutcome::ok: break;
    }
    if (!message.has_credentials || message.credentials != peer_) {
        report("process " + std::to_string(peer_.process_id) + ": a message came from another process: closed");
        return false;
    }
    AttachFile file;
    if (!message.truncated &&
        validate_attach_file(std::span(room).first(message.length_bytes), message.descriptor_count, &file)) {
        attach_file(std::move(message.descriptors[0]));
        return true;
    }
    TouchGuard touch;
    if (!message.truncated && validate_touch_guard(std::span(room).first(message.length_bytes), message.descriptor_count, &touch)) {
        // The mapping message that takes the guard away is in the queue before the answer.
        const bool was_guard = port_.touch_guard_page(*process_, touch.address);
        queue_.push_struct(GuardTouched{static_cast<std::uint32_t>(MessageKind::guard_touched), was_guard ? 1u : 0u});
        return true;
    }
    AttachThread attach;
    if (message.truncated ||
        !validate_attach_thread(std::span(room).first(message.length_bytes), message.descriptor_count, &attach)) {
        report("process " + std::to_string(peer_.process_id) + " broke the channel's rules: closed");
        return false;
    }
    return attach_thread(attach);
}

void Connection::attach_file(platform::Descriptor descriptor) {
    FileAttached reply{static_cast<std::uint32_t>(MessageKind::file_attached), STATUS_INVALID_FILE_FOR_SECTION, 0};
    // Kind and file system first, by calls that cannot wait for somebody who serves the file: a page of such a file could
    // keep a driver, or this thread, waiting for ever.
    const auto info = platform::inspect_section_file(descriptor.get());
    if (info.is_ok() && info.value().is_regular) {
        if (platform::is_served_by_system(descriptor.get())) {
            const Result<std::uint64_t> handle = port_.attach_file(*process_, std::move(descriptor));
            reply.status = handle.status().code();
            if (handle.is_ok()) reply.handle = handle.value();
        } else {
            report("process " + std::to_string(peer_.process_id) +
                   ": a file of a file system that a process serves (FUSE), or that this host does not see, cannot be mapped");
        }
    }
    queue_.push_struct(reply);
}

bool Connection::attach_thread(const AttachThread& message) {
    reap_threads();
    Status status = STATUS_QUOTA_EXCEEDED;
    if (threads_.size() < options_.max_threads_per_process) {
        const ServiceThread::Context context{options_, port_, *process_, queue_, *mapping_, slots_, attention_.get()};
        auto thread = std::make_unique<ServiceThread>(context, message.token);
        status = thread->start();
        if (status.is_success()) threads_.push_back(std::move(thread));
    }
    if (status.is_failure()) {
        queue_.push_struct(ThreadAttached{static_cast<std::uint32_t>(MessageKind::thread_attached), status.code()});
    }
    return true;
}

void Connection::kill_process() { platform::kill_process(pidfd_.get()); }

void Connection::reap_threads() {
    std::erase_if(threads_, [](const auto& thread) { return thread->has_ended(); });
}

void Connection::run_down() {
    queue_.close();  // the client may live on without us: what it has mapped stays
    port_.begin_rundown(*process_);
    for (const auto& thread : threads_) thread->interrupt();
    // Each returns from the call under way, detaches and ends. One that a driver keeps is reported, and waited for: what it
    // uses is ours.
    int patience_ms = static_cast<int>(port_.rundown_patience_ns() / 1'000'000);
    std::array<platform::ReadyDescriptor, 1> wait{};
    wait[0].fd = attention_.get();
    wait[0].want_read = true;
    for (reap_threads(); !threads_.empty(); reap_threads()) {
        if (platform::wait_until_ready(wait, patience_ms)) {
            platform::drain_event_descriptor(attention_.get());
        } else {
            port_.report_unfinished(*process_);
            patience_ms = -1;
        }
    }
    while (!port_.finish_rundown(*process_)) {
    }
    process_ = nullptr;
}

}  // namespace pw::channel
