// SPDX-License-Identifier: Apache-2.0
// The last stage of overlapped requests whose client may not answer: on a worker of that process alone.
#include <memory>
#include <new>

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

struct OwnWorker {
    IoManager& io;
    Ref<ps::Process> process;
};

}  // namespace

bool IoManager::needs_client(Request& request) {
    const mm::AddressSpace& space = request.process->address_space();
    if (space.is_embedded()) return false;
    // What is left of the MDLs by now are stand-ins for memory that is not shared.
    if (request.irp()->MdlAddress != nullptr) return true;
    if (request.user_status_block != 0 && !space.in_slot(request.user_status_block)) return true;
    return request.system_buffer != nullptr && !space.in_slot(request.output.user_address);
}

bool IoManager::finish_on_own_worker(Request& request) {
    ps::Process& process = *request.process;
    {
        MutexLock lock(completion_lock_);
        InsertTailList(&process.own_completions, &request.completion_link);
        if (process.has_own_completion_worker) return true;
        process.has_own_completion_worker = true;
    }
    auto* const context = new (std::nothrow) OwnWorker{*this, Ref<ps::Process>(&process)};
    if (context && processes_.create_system_thread(processes_.system_process(), own_worker_main, context).is_ok()) return true;
    delete context;
    // Only this thread hands requests over, so the list holds this one alone.
    MutexLock lock(completion_lock_);
    RemoveEntryList(&request.completion_link);
    process.has_own_completion_worker = false;
    return false;
}

void IoManager::own_worker_main(PVOID context) {
    const std::unique_ptr<OwnWorker> worker(static_cast<OwnWorker*>(context));
    IoManager& io = worker->io;
    ps::Process& process = *worker->process;
    ps::Thread& self = *ps::Thread::current();
    ps::Process* const home = self.attach(&process);
    for (;;) {
        Request* request = nullptr;
        {
            MutexLock lock(io.completion_lock_);
            if (IsListEmpty(&process.own_completions)) {
                process.has_own_completion_worker = false;
                break;
            }
            request = CONTAINING_RECORD(RemoveHeadList(&process.own_completions), Request, completion_link);
        }
        io.finish_detached(*request);
    }
    self.attach(home);
}

}  // namespace pw::io
