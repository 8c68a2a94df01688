"""CloudTrail records as AWS writes them: identities, and the order of the fields."""
import random
import uuid

ACCOUNT = "111122223333"
STRANGER = "444455556666"  # The attacker's own account.
REGION = "us-east-1"

# Addresses that RFC 5737 sets aside for examples.
OFFICE = "198.51.100.23"
RUNNER = "192.0.2.44"      # The build service.
GATEWAY = "192.0.2.80"     # What the VPC's servers look like from outside.
ATTACKER = "203.0.113.66"
ATTACKER_SERVER = "203.0.113.77"

TLS = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"}
BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36"


class Names:
    """Ids that look like AWS's and are the same in every run."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def hexadecimal(self, digits):
        return "%0*x" % (digits, self.random.getrandbits(4 * digits))

    def letters(self, count, alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        return "".join(self.random.choice(alphabet) for _ in range(count))

    def temporary_key(self):
        return "ASIA" + self.letters(9) + "EXAMPLE"


def principal_id(prefix, name):
    """An id that depends on the name alone, in the form AROA…EXAMPLE."""
    return prefix + random.Random("principal " + name).choice("ABCDEFGH") + "".join(random.Random(name).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=9)) + "EXAMPLE"


def user(name, key):
    return {"type": "IAMUser", "principalId": principal_id("AIDA", name), "arn": "arn:aws:iam::%s:user/%s" % (ACCOUNT, name),
            "accountId": ACCOUNT, "accessKeyId": key, "userName": name}


def console_user(name, key, since, mfa):
    """A user in the console: a temporary key and a session."""
    return {**user(name, key), "sessionContext": {"attributes": {"creationDate": since, "mfaAuthenticated": "true" if mfa else "false"}}}


def root(key="", since=None):
    identity = {"type": "Root", "principalId": ACCOUNT, "arn": "arn:aws:iam::%s:root" % ACCOUNT, "accountId": ACCOUNT, "accessKeyId": key}
    if since:
        identity["sessionContext"] = {"attributes": {"creationDate": since, "mfaAuthenticated": "false"}}
    return identity


def role(name, session, key, since, path="/", invoked_by=None, federated=None, ec2=False):
    """A session of a role."""
    context = {"sessionIssuer": {"type": "Role", "principalId": principal_id("AROA", name), "arn": "arn:aws:iam::%s:role%s%s" % (ACCOUNT, path, name),
                                 "accountId": ACCOUNT, "userName": name},
               "attributes": {"creationDate": since, "mfaAuthenticated": "false"}}
    if federated:
        context["webIdFederationData"] = {"federatedProvider": federated, "attributes": {}}
    if ec2:
        context["ec2RoleDelivery"] = "2.0"
    identity = {"type": "AssumedRole", "principalId": "%s:%s" % (principal_id("AROA", name), session),
                "arn": "arn:aws:sts::%s:assumed-role/%s/%s" % (ACCOUNT, name, session), "accountId": ACCOUNT, "accessKeyId": key, "sessionContext": context}
    if invoked_by:
        identity["invokedBy"] = invoked_by
    return identity


def service(name):
    return {"type": "AWSService", "invokedBy": name}


class Trail:
    """Collects records; `call` writes one the way CloudTrail does."""

    def __init__(self, seed):
        self.names = Names(seed)
        self.records = []  # (time, region, record)

    def call(self, time, who, source, name, ip, agent, request=None, response=None, *, read=None, error=None, message=None, region=REGION,
             resources=None, extra=None, data=False, event_type="AwsApiCall", console=False, version="1.09", shared=None, service_details=None):
        """`time` is a datetime in UTC; `source` lacks ".amazonaws.com"."""
        if read is None:
            read = name.startswith(("Get", "List", "Describe", "Head", "Lookup", "Search", "BatchGet"))
        record = {"eventVersion": version, "userIdentity": who, "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                  "eventSource": source + ".amazonaws.com", "eventName": name, "awsRegion": region, "sourceIPAddress": ip, "userAgent": agent}
        if error:
            record["errorCode"] = error
        if message:
            record["errorMessage"] = message
        record["requestParameters"] = request
        record["responseElements"] = response
        if extra:
            record["additionalEventData"] = extra
        if event_type != "AwsConsoleSignIn":
            record["requestID"] = self.names.uuid()
        record["eventID"] = self.names.uuid()
        record["readOnly"] = read
        if resources:
            record["resources"] = resources
        record["eventType"] = event_type
        record["managementEvent"] = not data
        record["recipientAccountId"] = ACCOUNT
        if shared:
            record["sharedEventID"] = shared
        if service_details:
            record["serviceEventDetails"] = service_details
        record["eventCategory"] = "Data" if data else "Management"
        if not ip.endswith(".amazonaws.com") and event_type == "AwsApiCall":
            host = "iam.amazonaws.com" if source == "iam" else "%s.%s.amazonaws.com" % (source, region)
            record["tlsDetails"] = {**TLS, "clientProvidedHostHeader": host}
        elif event_type == "AwsConsoleSignIn":
            record["tlsDetails"] = {**TLS, "clientProvidedHostHeader": "%s.signin.aws.amazon.com" % region}
        if console:
            record["sessionCredentialFromConsole"] = "true"
        self.records.append((time, region, record))
        return record

    def sign_in(self, time, who, ip, agent, success, mfa):
        extra = {"LoginTo": "https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true&state=hashArgs", "MobileVersion": "No"}
        if success and mfa:
            extra["MFAIdentifier"] = "arn:aws:iam::%s:mfa/%s" % (ACCOUNT, who.get("userName", "root-account-mfa-device"))
        extra["MFAUsed"] = "Yes" if success and mfa else "No"
        identity = {k: v for k, v in who.items() if k not in ("sessionContext", "accessKeyId")}
        if not success:
            identity = {"type": "IAMUser", "accountId": ACCOUNT, "accessKeyId": "", "userName": who.get("userName", "")}
        return self.call(time, identity, "signin", "ConsoleLogin", ip, agent, None, {"ConsoleLogin": "Success" if success else "Failure"},
                         read=False, message=None if success else "Failed authentication", extra=extra, event_type="AwsConsoleSignIn", version="1.08")
