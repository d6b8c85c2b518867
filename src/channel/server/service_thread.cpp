// SPDX-License-Identifier: Apache-2.0
#include "channel/server/service_thread.h"

#include <cstring>

#include "channel/wire/call_table.h"
#include "ntstatus.h"
#include "platform/socket.h"

namespace pw::channel {

Status ServiceThread::start() {
    if (!pages_.is_valid()) return STATUS_INSUFFICIENT_RESOURCES;
    if (!os_thread_.start("pw-service", [this] { run(); }, context_.options.service_stack_bytes)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return STATUS_SUCCESS;
}

void ServiceThread::run() {
    ThreadAttached reply{static_cast<std::uint32_t>(MessageKind::thread_attached), STATUS_SUCCESS};
    Result<ps::Thread*> thread = context_.port.attach_thread(context_.process, token_);
    if (thread.is_ok()) {
        const int descriptors[] = {pages_.request_descriptor(), pages_.reply_descriptor()};
        context_.queue.push_struct(reply, descriptors);
        pages_.close_descriptors();
        serve(**thread);
        context_.port.detach_thread(**thread);
    } else {
        reply.status = thread.status().code();
        context_.queue.push_struct(reply);
    }
    const int attention = context_.attention;
    ended_.store(true, std::memory_order_release);
    platform::signal_event_descriptor(attention);
}

void ServiceThread::serve(ps::Thread& thread) {
    context_.port.set_apc_doorbell(thread, [](void* pages) { static_cast<HostPagePair*>(pages)->call_attention(); }, &pages_);
    serve_requests(thread);
    context_.port.set_apc_doorbell(thread, nullptr, nullptr);
}

void ServiceThread::serve_requests(ps::Thread& thread) {
    HostPagePair::Request request;
    while (true) {
        const HostPagePair::Next next = pages_.next(&request);
        if (next == HostPagePair::Next::interrupted) return;
        if (next == HostPagePair::Next::attention) {
            context_.port.deliver_kernel_apcs(thread);
            continue;
        }
        if (request.header.number == detach_call_number) return;
        if (context_.mapping.has_acknowledged_unmaps()) pass_on_acknowledged_unmaps();
        if (request.is_valid) {
            run_call(thread, request);
        } else {
            const bool known = call_shape(request.header.number) != nullptr;
            pages_.answer(known ? STATUS_INVALID_PARAMETER : STATUS_INVALID_SYSTEM_SERVICE, nullptr, 0, 0, 0);
        }
    }
}

void ServiceThread::run_call(ps::Thread& thread, const HostPagePair::Request& request) {
    const CallShape& shape = *call_shape(request.header.number);
    // Private until the call is done; zeroed, so that nothing of an earlier call leaks.
    alignas(16) std::byte out[nt::max_call_struct_bytes];
    std::memset(out, 0, shape.out_bytes);
    nt::CallFrame frame;
    frame.number = static_cast<nt::CallNumber>(request.header.number);
    frame.in = request.in;
    frame.in_bytes = request.header.in_bytes;
    frame.payload = request.payload;
    frame.out = out;
    frame.out_bytes = shape.out_bytes;
    frame.reply_payload = pages_.reply_payload(shape.out_bytes);
    frame.reply_payload_capacity_bytes =
        static_cast<std::uint32_t>(reply_body_bytes) - payload_offset(shape.out_bytes);
    Status status;
    {
        const OwnCallScope scope(context_.mapping);
        status = context_.port.dispatch(thread, frame);
    }
    pages_.answer(status, out, shape.out_bytes, frame.reply_payload_bytes, context_.mapping.issued(), frame.user_apc_due);
}

void ServiceThread::pass_on_acknowledged_unmaps() {
    for (const auto& range : context_.mapping.take_acknowledged_unmaps()) {
        if (context_.options.unmap_acknowledged) {
            context_.options.unmap_acknowledged(context_.process, range.address, range.length_bytes);
        }
    }
}

}  // namespace pw::channel
