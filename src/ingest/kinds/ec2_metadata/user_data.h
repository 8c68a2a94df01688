#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trawl::ingest::kinds::ec2_metadata {

// User data of an instance, as cloud-init and EC2Launch read it
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html).
struct UserData {
    std::string type;
    std::string text;       // Secrets masked.
    std::string parts_json; // Parts of a MIME document as a JSON array; empty for others.
};

// The form that the first line shows: "script", "cloud-config" …; empty when it is none.
std::string_view user_data_type(std::string_view first_line);

// Reads user data as it stands or in base64, gzip or both.
UserData read_user_data(std::string_view text);

// Whether a text, of which this is the start, is user data in base64, with gzip or without.
bool is_carried_user_data(std::string_view start);

// Undoes base64 and gzip, in that order, where there is any; at most 1 MiB.
std::string decode_user_data(std::string_view text);

// Masks access keys' secrets, session tokens, private keys and values that are assigned to passwords.
std::string mask_secrets(std::string_view text);

// The same for user data as it is carried, in base64 and gzip or plain, parts of MIME documents included. What had been
// base64 is base64 again, without gzip. Nothing where there are no secrets.
std::optional<std::string> mask_user_data(std::string_view text);

} // namespace trawl::ingest::kinds::ec2_metadata
