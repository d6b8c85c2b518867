// SPDX-License-Identifier: Apache-2.0
#include "security_format/sddl_tables.h"

#include <algorithm>

namespace pw::se {
namespace {

constexpr SddlSid sids[] = {
    {u"WD", 1, 0, 0},     {u"CO", 3, 0, 0},     {u"CG", 3, 1, 0},     {u"OW", 3, 4, 0},     {u"NU", 5, 2, 0},
    {u"IU", 5, 4, 0},     {u"SU", 5, 6, 0},     {u"AN", 5, 7, 0},     {u"ED", 5, 9, 0},     {u"PS", 5, 10, 0},
    {u"AU", 5, 11, 0},    {u"RC", 5, 12, 0},    {u"SY", 5, 18, 0},    {u"LS", 5, 19, 0},    {u"NS", 5, 20, 0},
    {u"WR", 5, 33, 0},    {u"BA", 5, 32, 544},  {u"BU", 5, 32, 545},  {u"BG", 5, 32, 546},  {u"PU", 5, 32, 547},
    {u"AO", 5, 32, 548},  {u"SO", 5, 32, 549},  {u"PO", 5, 32, 550},  {u"BO", 5, 32, 551},  {u"RE", 5, 32, 552},
    {u"RU", 5, 32, 554},  {u"RD", 5, 32, 555},  {u"NO", 5, 32, 556},  {u"MU", 5, 32, 558},  {u"LU", 5, 32, 559},
    {u"IS", 5, 32, 568},  {u"CY", 5, 32, 569},  {u"ER", 5, 32, 573},  {u"CD", 5, 32, 574},  {u"RA", 5, 32, 575},
    {u"ES", 5, 32, 576},  {u"MS", 5, 32, 577},  {u"HA", 5, 32, 578},  {u"AA", 5, 32, 579},  {u"RM", 5, 32, 580},
    {u"AC", 15, 2, 1},    {u"LW", 16, 4096, 0}, {u"ME", 16, 8192, 0}, {u"MP", 16, 8448, 0}, {u"HI", 16, 12288, 0},
    {u"SI", 16, 16384, 0}};

constexpr std::u16string_view domain_accounts[] = {u"DA", u"DG", u"DU", u"DC", u"DD", u"CA", u"SA", u"EA", u"PA",
                                                   u"LA", u"LG", u"RS", u"RO", u"CN", u"AP", u"KA", u"EK"};

constexpr SddlWord single_rights[] = {
    {u"CC", 0x1},     {u"DC", 0x2},     {u"LC", 0x4},     {u"SW", 0x8},        {u"RP", 0x10},       {u"WP", 0x20},
    {u"DT", 0x40},    {u"LO", 0x80},    {u"CR", 0x100},   {u"SD", 0x10000},    {u"RC", 0x20000},    {u"WD", 0x40000},
    {u"WO", 0x80000}, {u"GA", 0x10000000}, {u"GX", 0x20000000}, {u"GW", 0x40000000}, {u"GR", 0x80000000}};

constexpr SddlWord composite_rights[] = {{u"FA", 0x1F01FF}, {u"FR", 0x120089}, {u"FW", 0x120116}, {u"FX", 0x1200A0},
                                         {u"KA", 0xF003F},  {u"KR", 0x20019},  {u"KW", 0x20006},  {u"KX", 0x20019}};

constexpr SddlWord label_rights[] = {{u"NW", 0x1}, {u"NR", 0x2}, {u"NX", 0x4}};

constexpr SddlWord ace_types[] = {{u"A", ACCESS_ALLOWED_ACE_TYPE},
                                  {u"D", ACCESS_DENIED_ACE_TYPE},
                                  {u"AU", SYSTEM_AUDIT_ACE_TYPE},
                                  {u"AL", SYSTEM_ALARM_ACE_TYPE},
                                  {u"ML", SYSTEM_MANDATORY_LABEL_ACE_TYPE}};

// In the order in which they are printed.
constexpr SddlWord ace_flags[] = {{u"OI", OBJECT_INHERIT_ACE},         {u"CI", CONTAINER_INHERIT_ACE},
                                  {u"NP", NO_PROPAGATE_INHERIT_ACE},   {u"IO", INHERIT_ONLY_ACE},
                                  {u"ID", INHERITED_ACE},              {u"SA", SUCCESSFUL_ACCESS_ACE_FLAG},
                                  {u"FA", FAILED_ACCESS_ACE_FLAG}};

}  // namespace

std::span<const SddlSid> sddl_sids() { return sids; }
bool is_domain_account(std::u16string_view name) { return std::ranges::find(domain_accounts, name) != std::end(domain_accounts); }
std::span<const SddlWord> sddl_single_rights() { return single_rights; }
std::span<const SddlWord> sddl_composite_rights() { return composite_rights; }
std::span<const SddlWord> sddl_label_rights() { return label_rights; }
std::span<const SddlWord> sddl_ace_types() { return ace_types; }
std::span<const SddlWord> sddl_ace_flags() { return ace_flags; }

}  // namespace pw::se
