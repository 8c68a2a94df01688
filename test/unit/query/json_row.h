#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "event/columns.h"
#include "event/json.h"

namespace trawl::query::test {

// A record of JSON text as a row: columns are followed in the text, @message is the text, @timestamp a given time.
class JsonRow : public event::Columns {
public:
    JsonRow(const event::Projection& projection, std::string json, std::optional<base::Time> timestamp = {})
        : projection_(projection), json_(std::move(json)), timestamp_(timestamp)
    {
    }

    event::Value column(event::ColumnId id) override
    {
        const event::ColumnRequest& request = projection_.columns().at(id);
        if (request.path.text == "@message") {
            return event::Value::string(json_);
        }
        if (request.path.text == "@timestamp") {
            return timestamp_ ? event::Value::time(*timestamp_) : event::Value();
        }
        return event::follow(event::json::parse(json_), request.path.parts, 0, request.reach, arena_);
    }
    base::Arena& arena() override { return arena_; }

private:
    const event::Projection& projection_;
    std::string json_;
    std::optional<base::Time> timestamp_;
    base::Arena arena_;
};

} // namespace trawl::query::test
