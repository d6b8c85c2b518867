// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "kernel/objects/dispatcher_objects.h"
#include "kernel/objects/handle_table.h"
#include "kernel/objects/object_manager.h"

namespace pw::ob {
namespace {

class ObjectsTest : public ::testing::Test {
protected:
    ObjectsTest() {
        manager_.make_directory(u"\\Device");
        manager_.make_directory(u"\\GLOBAL??");
        manager_.make_link(u"\\??", u"\\GLOBAL??");
    }
    ~ObjectsTest() override { handles_.close_all(); }
    Ref<EventObject> named(std::u16string_view path) {
        auto event = EventObject::create(manager_);
        EXPECT_TRUE(manager_.insert(*event, path, nullptr, true).is_success());
        return event;
    }
    ObjectManager manager_;
    HandleTable handles_{100};
};

TEST_F(ObjectsTest, FindsANameThroughSymbolicLinks) {
    auto event = named(u"\\Device\\Foo");
    manager_.make_link(u"\\??\\Bar", u"\\Device\\Foo");
    auto found = manager_.find(u"\\??\\Bar\\rest\\of", nullptr, true);
    ASSERT_TRUE(found.is_ok());
    EXPECT_EQ(found->object.get(), event.get());
    EXPECT_EQ(found->remaining, u"\\rest\\of");
}

TEST_F(ObjectsTest, NamesAreCaseInsensitiveOnlyWhereAsked) {
    auto event = named(u"\\Device\\Foo");
    EXPECT_TRUE(manager_.find(u"\\DEVICE\\fOO", nullptr, true).is_ok());
    EXPECT_EQ(manager_.find(u"\\Device\\foo", nullptr, false).status(), Status(STATUS_OBJECT_NAME_NOT_FOUND));
    EXPECT_TRUE(manager_.find(u"\\Device\\Foo", nullptr, false).is_ok());
}

TEST_F(ObjectsTest, TellsAMissingNameFromAMissingPath) {
    EXPECT_EQ(manager_.find(u"\\Device\\Nothing", nullptr, true).status(), Status(STATUS_OBJECT_NAME_NOT_FOUND));
    EXPECT_EQ(manager_.find(u"\\Nothing\\Foo", nullptr, true).status(), Status(STATUS_OBJECT_PATH_NOT_FOUND));
    EXPECT_EQ(manager_.find(u"Device\\Foo", nullptr, true).status(), Status(STATUS_OBJECT_PATH_SYNTAX_BAD));
    EXPECT_EQ(manager_.find(u"\\\\Foo", nullptr, true).status(), Status(STATUS_OBJECT_NAME_INVALID));
}

TEST_F(ObjectsTest, ALoopOfLinksEnds) {
    manager_.make_link(u"\\A", u"\\B");
    manager_.make_link(u"\\B", u"\\A");
    EXPECT_EQ(manager_.find(u"\\A\\x", nullptr, true).status(), Status(STATUS_OBJECT_NAME_INVALID));
}

TEST_F(ObjectsTest, ASecondObjectOfOneNameCollides) {
    auto first = named(u"\\Device\\Foo");
    auto second = EventObject::create(manager_);
    Ref<Object> existing;
    EXPECT_EQ(manager_.insert(*second, u"\\device\\foo", nullptr, true, &existing), Status(STATUS_OBJECT_NAME_COLLISION));
    EXPECT_EQ(existing.get(), first.get());
}

TEST_F(ObjectsTest, ATemporaryNameGoesWithItsLastHandle) {
    auto event = named(u"\\Device\\Foo");
    auto first = handles_.open(*event, {});
    auto second = handles_.open(*event, {});
    ASSERT_TRUE(handles_.close(*first).is_success());
    EXPECT_TRUE(manager_.find(u"\\Device\\Foo", nullptr, true).is_ok());
    ASSERT_TRUE(handles_.close(*second).is_success());
    EXPECT_FALSE(manager_.find(u"\\Device\\Foo", nullptr, true).is_ok());
}

TEST_F(ObjectsTest, APermanentNameStaysWithoutHandles) {
    auto event = named(u"\\Device\\Foo");
    event->set_permanent(true);
    auto handle = handles_.open(*event, {});
    ASSERT_TRUE(handles_.close(*handle).is_success());
    EXPECT_TRUE(manager_.find(u"\\Device\\Foo", nullptr, true).is_ok());
    event->make_temporary();
    EXPECT_FALSE(manager_.find(u"\\Device\\Foo", nullptr, true).is_ok());
}

TEST_F(ObjectsTest, ABodyLeadsBackToItsObject) {
    auto event = EventObject::create(manager_);
    EXPECT_EQ(Object::from_body(event->body()), event.get());
    alignas(16) char other[64] = {};
    EXPECT_EQ(Object::from_body(other + 16), nullptr);
    EXPECT_EQ(Object::from_body(nullptr), nullptr);
}

TEST_F(ObjectsTest, AHandleChecksTypeAndAccess) {
    auto event = EventObject::create(manager_);
    auto handle = handles_.open(*event, {.access = SYNCHRONIZE});
    ASSERT_TRUE(handle.is_ok());
    EXPECT_EQ(*handle % 4, 0u);
    EXPECT_TRUE(handles_.reference(*handle, &event_type, SYNCHRONIZE).is_ok());
    EXPECT_TRUE(handles_.reference(*handle + 3, &event_type, SYNCHRONIZE).is_ok()) << "the two lowest bits are tags";
    EXPECT_EQ(handles_.reference(*handle, &mutant_type, 0).status(), Status(STATUS_OBJECT_TYPE_MISMATCH));
    EXPECT_EQ(handles_.reference(*handle, &event_type, EVENT_MODIFY_STATE).status(), Status(STATUS_ACCESS_DENIED));
    EXPECT_EQ(handles_.reference(*handle + 4, nullptr, 0).status(), Status(STATUS_INVALID_HANDLE));
    EXPECT_EQ(handles_.reference(~0ull, nullptr, 0).status(), Status(STATUS_INVALID_HANDLE));
}

TEST_F(ObjectsTest, AClosedHandleIsInvalidAndItsNumberIsUsedAgain) {
    auto event = EventObject::create(manager_);
    auto handle = handles_.open(*event, {});
    ASSERT_TRUE(handles_.close(*handle).is_success());
    EXPECT_EQ(handles_.close(*handle), Status(STATUS_INVALID_HANDLE));
    EXPECT_EQ(*handles_.open(*event, {}), *handle);
}

TEST_F(ObjectsTest, RefusesHandlesBeyondTheQuota) {
    auto event = EventObject::create(manager_);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(handles_.open(*event, {}).is_ok());
    EXPECT_EQ(handles_.open(*event, {}).status(), Status(STATUS_QUOTA_EXCEEDED));
    handles_.close_all();
    EXPECT_EQ(handles_.count(), 0u);
    EXPECT_EQ(event->pointer_count(), 1);
    EXPECT_EQ(handles_.open(*event, {}).status(), Status(STATUS_PROCESS_IS_TERMINATING));
}

TEST_F(ObjectsTest, LookupsRaceWithCloseWithoutLosingACount) {
    auto event = EventObject::create(manager_);
    std::atomic<std::uint64_t> shared_handle{0};
    std::atomic<bool> done{false};
    std::thread looker([&] {
        while (!done.load()) {
            auto found = handles_.reference(shared_handle.load(), &event_type, 0);
            if (found) {
                EXPECT_EQ(found->get(), event.get());
            }
        }
    });
    for (int i = 0; i < 20'000; ++i) {
        auto handle = handles_.open(*event, {});
        ASSERT_TRUE(handle.is_ok());
        shared_handle.store(*handle);
        ASSERT_TRUE(handles_.close(*handle).is_success());
    }
    done.store(true);
    looker.join();
    EXPECT_EQ(event->pointer_count(), 1);
    EXPECT_EQ(event->handle_count(), 0);
}

TEST(ObjectType, MapsGenericRights) {
    EXPECT_EQ(map_access(event_type, GENERIC_ALL), event_type.valid_access);
    EXPECT_EQ(map_access(event_type, MAXIMUM_ALLOWED), event_type.valid_access);
    EXPECT_EQ(map_access(section_type, GENERIC_WRITE) & SECTION_MAP_WRITE, ULONG{SECTION_MAP_WRITE});
    EXPECT_EQ(map_access(file_type, GENERIC_READ), ACCESS_MASK{FILE_GENERIC_READ});
}

}  // namespace
}  // namespace pw::ob
