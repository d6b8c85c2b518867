// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/registry_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <random>

#include "kernel/objects/object_manager.h"

namespace pw::cm {
namespace {

struct World {
    ob::ObjectManager objects;
    Registry registry{objects};
};

NTSTATUS parse(std::string_view text, std::size_t* bad_line = nullptr) {
    World world;
    std::size_t line = 0;
    const Status status = parse_registry(text, world.registry, &line);
    if (bad_line) *bad_line = line;
    return status.code();
}

std::string filled() {
    World world;
    auto key = world.registry.create(nullptr, u"\\Registry\\Machine\\Software\\A key\u00e9\n%", {.class_name = u"Kind of"});
    EXPECT_TRUE(key.is_ok());
    const std::byte data[] = {std::byte{0}, std::byte{0xFF}};
    EXPECT_TRUE(world.registry.set_value(*key.value().key, u"A value", 3, data).is_success());
    EXPECT_TRUE(world.registry.set_value(*key.value().key, u"", 1, {}).is_success());
    EXPECT_TRUE(world.registry.create(nullptr, u"\\Registry\\Machine\\Software\\Gone", {.is_volatile = true}).is_ok());
    return print_registry(world.registry);
}

TEST(RegistryFile, ReadsWhatItHasWritten) {
    const std::string text = filled();
    World world;
    std::size_t line = 0;
    ASSERT_TRUE(parse_registry(text, world.registry, &line).is_success()) << "line " << line;
    EXPECT_EQ(print_registry(world.registry), text);
    auto key = world.registry.find(nullptr, u"\\Registry\\Machine\\Software\\A key\u00e9\n%");
    ASSERT_TRUE(key.is_ok());
    EXPECT_EQ(world.registry.facts(*key.value()).value().class_name, u"Kind of");
    EXPECT_EQ(world.registry.value(*key.value(), u"A value").value().data.size(), 2u);
    EXPECT_EQ(world.registry.facts(*key.value()).value().values, 2u);
    EXPECT_FALSE(world.registry.find(nullptr, u"\\Registry\\Machine\\Software\\Gone").is_ok());
}

TEST(RegistryFile, NamesTheBadLine) {
    std::size_t line = 0;
    EXPECT_EQ(parse("something else\n"), STATUS_NOT_REGISTRY_FILE);
    EXPECT_EQ(parse("partywall registry 1\nvalue 1 - x\n", &line), STATUS_REGISTRY_CORRUPT);
    EXPECT_EQ(line, 2u);
    const std::string good = "partywall registry 1\nkey \\REGISTRY\\MACHINE\\Software\\a\n";
    EXPECT_EQ(parse(good), STATUS_SUCCESS);
    for (const char* bad : {"value x - name", "value 1 0 name", "value 1 0g name", "value 1 - %00", "value 4294967296 - x", "key %zz", "kex a"}) {
        EXPECT_EQ(parse(good + bad + "\n", &line), STATUS_REGISTRY_CORRUPT) << bad;
        EXPECT_EQ(line, 3u) << bad;
    }
}

TEST(RegistryFile, SurvivesAnyTornText) {
    const std::string text = filled();
    for (std::size_t length = 0; length < text.size(); ++length) static_cast<void>(parse(text.substr(0, length)));
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string torn = text;
        for (int i = 0; i < 4; ++i) torn[random() % torn.size()] = static_cast<char>(random());
        static_cast<void>(parse(torn));
    }
}

TEST(RegistryFile, KeepsARegistryBetweenTwoRuns) {
    const std::string path = ::testing::TempDir() + "registry_file_test." + std::to_string(std::random_device()());
    {
        World world;
        RegistryFile file(path);
        EXPECT_TRUE(file.load(world.registry).is_success());  // not there yet
        EXPECT_TRUE(world.registry.create_path(u"\\Registry\\Machine\\Software\\Kept").is_ok());
        EXPECT_TRUE(file.save(world.registry).is_success());
    }
    {
        World world;
        RegistryFile file(path);
        EXPECT_TRUE(file.load(world.registry).is_success());
        EXPECT_TRUE(world.registry.find(nullptr, u"\\Registry\\Machine\\Software\\Kept").is_ok());
    }
    std::ofstream(path) << "nonsense";
    World world;
    RegistryFile file(path);
    EXPECT_EQ(file.load(world.registry).code(), STATUS_NOT_REGISTRY_FILE);
    EXPECT_NE(file.problem().find("line 1"), std::string::npos);
    EXPECT_EQ(RegistryFile("/nowhere/at/all").save(world.registry).code(), STATUS_REGISTRY_IO_FAILED);
    std::remove(path.c_str());
}

}  // namespace
}  // namespace pw::cm
