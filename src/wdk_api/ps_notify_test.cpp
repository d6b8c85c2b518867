// SPDX-License-Identifier: Apache-2.0
#include <nt/ps_notify.h>
#include <nt/zw.h>

#include <atomic>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk::test {
namespace {

std::atomic<int> images{0};
std::atomic<int> threads_created{0};
std::atomic<int> threads_exited{0};

void NTAPI on_image(PUNICODE_STRING name, HANDLE process, PIMAGE_INFO info) {
    EXPECT_EQ(process, nullptr);
    EXPECT_TRUE(info->SystemModeImage);
    EXPECT_GT(name->Length, 0);
    ++images;
}
void NTAPI on_thread(HANDLE process, HANDLE thread, BOOLEAN created) {
    EXPECT_EQ(process, PsGetProcessId(PsInitialSystemProcess));
    EXPECT_NE(thread, nullptr);
    ++(created ? threads_created : threads_exited);
}
void NTAPI on_process(HANDLE, HANDLE, BOOLEAN) {}

class Notify : public KernelFixture {};

TEST_F(Notify, RoutinesAreRegisteredOnceAndRemovedOnce) {
    EXPECT_EQ(PsSetCreateProcessNotifyRoutine(on_process, TRUE), STATUS_PROCEDURE_NOT_FOUND);
    EXPECT_EQ(PsSetCreateProcessNotifyRoutine(on_process, FALSE), STATUS_SUCCESS);
    EXPECT_EQ(PsSetCreateProcessNotifyRoutine(on_process, FALSE), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(PsSetCreateProcessNotifyRoutine(on_process, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(PsRemoveCreateThreadNotifyRoutine(on_thread), STATUS_PROCEDURE_NOT_FOUND);
    EXPECT_EQ(PsRemoveLoadImageNotifyRoutine(on_image), STATUS_PROCEDURE_NOT_FOUND);
}

TEST_F(Notify, ADriversImageIsToldBeforeItsEntry) {
    images = 0;
    ASSERT_EQ(PsSetLoadImageNotifyRoutine(on_image), STATUS_SUCCESS);
    auto loaded = kernel().io().load_driver(u"Second", std::make_unique<NoImage>());
    ASSERT_TRUE(loaded.is_ok());
    EXPECT_EQ(images, 1);
    EXPECT_EQ(PsRemoveLoadImageNotifyRoutine(on_image), STATUS_SUCCESS);
    EXPECT_TRUE(kernel().io().unload_driver(**loaded).is_success());
    loaded = kernel().io().load_driver(u"Second", std::make_unique<NoImage>());
    ASSERT_TRUE(loaded.is_ok());
    EXPECT_EQ(images, 1);
    EXPECT_TRUE(kernel().io().unload_driver(**loaded).is_success());
}

TEST_F(Notify, SystemThreadsAreToldWhenTheyStartAndEnd) {
    threads_created = threads_exited = 0;
    ASSERT_EQ(PsSetCreateThreadNotifyRoutine(on_thread), STATUS_SUCCESS);
    HANDLE thread = nullptr;
    ASSERT_EQ(PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, nullptr, nullptr, nullptr, [](PVOID) {}, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(threads_created, 1);
    EXPECT_EQ(ZwWaitForSingleObject(thread, FALSE, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(threads_exited, 1);
    EXPECT_EQ(PsRemoveCreateThreadNotifyRoutine(on_thread), STATUS_SUCCESS);
    ZwClose(thread);
}

}  // namespace
}  // namespace pw::wdk::test
