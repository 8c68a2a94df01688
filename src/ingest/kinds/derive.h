#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "ingest/kinds/log_kind.h"

// Derivations that many kinds share. Each works on the inputs that its DerivedField names.
namespace trawl::ingest::derive {

// The first input that has a value.
event::Value first_present(DeriveInputs& inputs);
// The same, else the account or region of the envelope or of the object's key.
event::Value account(DeriveInputs& inputs);
event::Value region(DeriveInputs& inputs);
// The first input that is a time in one of the forms of read_time(), else the envelope's time.
event::Value time(DeriveInputs& inputs);
// The 12-digit account, the region, of the first input that is an ARN; else as account() and region().
event::Value account_of_arn(DeriveInputs& inputs);
event::Value region_of_arn(DeriveInputs& inputs);
// The first input that has an account, or a region: an ARN's own, any other input as it stands; else as account() and
// region().
event::Value account_or_arn(DeriveInputs& inputs);
event::Value region_or_arn(DeriveInputs& inputs);
// Inputs joined by a colon, absent ones left out.
event::Value joined(DeriveInputs& inputs);

// A member of the object that a text is in JSON; missing when it is none.
event::Value member_of_text(const event::Value& text, std::string_view name, base::Arena& arena);

// The inputs of a derivation of which the last `texts` carry objects as text: in their place stand, for each, its members
// of the names.
class MembersOfTexts final : public DeriveInputs {
public:
    using Find = event::Value (*)(const event::Value& text, std::string_view name, base::Arena& arena);

    MembersOfTexts(
        DeriveInputs& inputs, std::size_t texts, std::vector<std::string_view> names, Find find = member_of_text)
        : inputs_(inputs), own_(inputs.count() - texts), names_(std::move(names)), find_(find)
    {
    }
    std::size_t count() const override { return own_ + (inputs_.count() - own_) * names_.size(); }
    event::Value input(std::size_t position) override
    {
        if (position < own_) {
            return inputs_.input(position);
        }
        const std::size_t member = position - own_;
        return find_(inputs_.input(own_ + member / names_.size()), names_[member % names_.size()], inputs_.arena());
    }
    const EnvelopeContext& context() const override { return inputs_.context(); }
    base::Arena& arena() override { return inputs_.arena(); }

private:
    DeriveInputs& inputs_; // Outlives this.
    std::size_t own_;
    std::vector<std::string_view> names_;
    Find find_;
};

// Reads the forms of time that logs of AWS have (KINDS 0): RFC 3339 and the same without zone, `06/Feb/2019:00:00:38
// +0000`, epoch seconds with or without fraction, milliseconds, microseconds, nanoseconds.
std::optional<base::Time> read_time(const event::Value& value, base::Arena& arena);
// "06/Feb/2019:00:00:38 +0000" of web server logs, with any offset.
std::optional<base::Time> parse_web_log_time(std::string_view text);

// Part of an ARN from zero: arn, partition, service, region, account, resource. Empty when it is no ARN.
std::string_view arn_part(std::string_view arn, std::size_t part);

} // namespace trawl::ingest::derive
