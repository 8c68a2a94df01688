#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "event/columns.h"
#include "event/consumer.h"
#include "event/json.h"
#include "event/row_sink.h"

namespace trawl::query::test {

// A record in memory, as a CloudWatch event: JSON fields at top level beside @message, @timestamp and what `system` has.
struct MemoryRecord {
    std::string message;
    std::optional<base::Time> timestamp;
    std::map<std::string, std::string> system;
};

class MemoryEvent final : public event::Event {
public:
    MemoryEvent(const event::Projection& projection, const MemoryRecord& record)
        : projection_(projection), record_(record)
    {
    }

    event::Value column(event::ColumnId id) override
    {
        const event::ColumnRequest& request = projection_.columns().at(id);
        if (request.path.text == "@message") {
            return event::Value::string(record_.message);
        }
        if (request.path.text == "@timestamp") {
            return timestamp();
        }
        if (const auto found = record_.system.find(request.path.text); found != record_.system.end()) {
            return event::Value::string(found->second);
        }
        return event::follow(event::json::parse(record_.message), request.path.parts, 0, request.reach, arena_);
    }
    base::Arena& arena() override { return arena_; }
    const event::Origin& origin() const override { return origin_; }
    std::string_view kind() const override { return "cloudwatch_logs"; }
    event::Value timestamp() override
    {
        return record_.timestamp ? event::Value::time(*record_.timestamp) : event::Value();
    }
    std::string_view message() override { return record_.message; }
    void append_event_json(std::string&, bool) override {}

private:
    const event::Projection& projection_;
    const MemoryRecord& record_;
    event::Origin origin_;
    base::Arena arena_;
};

class Copies final : public event::Duplicates {
public:
    explicit Copies(std::set<std::uint32_t> copies = {}) : copies_(std::move(copies)) {}
    bool is_copy(std::uint32_t index) const override { return copies_.contains(index); }

private:
    std::set<std::uint32_t> copies_;
};

// Keeps rows as JSON objects, absent values left out.
class MemorySink final : public event::RowSink {
public:
    base::Result<void> begin(std::span<const std::string> names) override
    {
        names_.assign(names.begin(), names.end());
        ++begun;
        return {};
    }
    base::Result<void> row(std::span<const event::Value> values) override
    {
        std::string json = "{";
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].is_absent()) {
                continue;
            }
            json += json.size() > 1 ? "," : "";
            base::append_json_string(json, names_[i]);
            json += ':';
            values[i].append_json(json);
        }
        rows.push_back(json + "}");
        return {};
    }
    base::Result<void> finish() override
    {
        ++finished;
        return {};
    }

    const std::vector<std::string>& names() const { return names_; }
    std::vector<std::string> rows;
    int begun = 0;
    int finished = 0;

private:
    std::vector<std::string> names_;
};

} // namespace trawl::query::test
