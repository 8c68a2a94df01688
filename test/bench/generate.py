#!/usr/bin/env python3
"""Makes the data of `make bench`: CloudTrail as AWS delivers it, and logs of lines. The same for the same size.

    test/bench/generate.py FOLDER [--megabytes 1024] [--line-megabytes 64]

Files lie under AWS's own names and hold about 160 records of 1.5 kB each, with AWS's order of members: for 1 GB some
4,300 files, 660,000 records. The records are those of the example account (examples/account) and calls of forty
services in AWS's shape; one in a hundred is delivered twice, as AWS does now and then.
"""
import argparse
import bisect
import gzip
import itertools
import json
import multiprocessing
import os
import random
import re
import sys
import zlib
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "examples"))
from account.flows import HEADER
from account.ordinary import LAMBDA_SDK, PYTHON_SDK, TERRAFORM, Ordinary
from account.records import ACCOUNT, TLS, Trail, console_user, principal_id, role, service, user

VERSION = "3"  # Change it when the data changes: old data is then made anew.
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
REGIONS = ["us-east-1"] * 6 + ["eu-central-1"] * 3 + ["us-west-2"] * 2 + ["ap-southeast-1"]
RECORDS_A_FILE = 160

# Service → calls, the frequent ones first. A name with * changes something.
CALLS = {
    "ec2": "DescribeInstances DescribeInstanceStatus DescribeVolumes DescribeTags DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs DescribeAddresses DescribeImages DescribeRouteTables DescribeAvailabilityZones DescribeLaunchTemplates CreateTags* CreateNetworkInterface* DescribeVolumesModifications",
    "sts": "AssumeRole AssumeRole AssumeRole GetCallerIdentity AssumeRoleWithWebIdentity",
    "kms": "Decrypt Decrypt GenerateDataKey DescribeKey ListAliases Encrypt",
    "s3": "GetBucketAcl ListBuckets GetBucketLocation GetBucketPolicy GetBucketVersioning GetBucketEncryption HeadBucket GetBucketTagging",
    "logs": "CreateLogStream* DescribeLogGroups DescribeLogStreams FilterLogEvents CreateLogGroup*",
    "ssm": "UpdateInstanceInformation* GetParameter GetParameters DescribeInstanceInformation ListInstanceAssociations PutInventory* ListAssociations GetParametersByPath",
    "elasticloadbalancing": "DescribeTargetHealth DescribeLoadBalancers DescribeTargetGroups DescribeListeners DescribeTags RegisterTargets*",
    "autoscaling": "DescribeAutoScalingGroups DescribeScalingActivities DescribeAutoScalingInstances DescribePolicies",
    "monitoring": "DescribeAlarms ListMetrics DescribeAlarmsForMetric GetDashboard",
    "iam": "GetRole ListRoles ListAttachedRolePolicies GetPolicyVersion ListUsers GetInstanceProfile ListRolePolicies GetPolicy GetAccountSummary",
    "lambda": "ListFunctions20150331 GetFunction20150331v2 ListTags20170331 GetPolicy20150331v2 ListEventSourceMappings20150331 GetFunctionConfiguration20150331v2",
    "dynamodb": "DescribeTable ListTables DescribeTimeToLive DescribeContinuousBackups ListTagsOfResource",
    "rds": "DescribeDBInstances DescribeDBClusters DescribeDBSnapshots ListTagsForResource DescribeEvents",
    "ecs": "DescribeTasks ListTasks DescribeServices ListClusters SubmitTaskStateChange* DescribeContainerInstances RegisterTaskDefinition* SubmitContainerStateChange*",
    "ecr": "BatchGetImage GetDownloadUrlForLayer GetAuthorizationToken BatchCheckLayerAvailability DescribeRepositories",
    "eks": "DescribeCluster ListNodegroups DescribeNodegroup ListClusters",
    "secretsmanager": "GetSecretValue DescribeSecret ListSecrets",
    "cloudformation": "DescribeStacks DescribeStackEvents ListStackResources GetTemplateSummary",
    "config": "PutEvaluations* DescribeConfigRules DescribeConfigurationRecorders SelectResourceConfig",
    "sns": "ListTopics GetTopicAttributes ListSubscriptionsByTopic",
    "sqs": "GetQueueAttributes ListQueues GetQueueUrl",
    "tagging": "GetResources GetTagKeys",
    "cloudtrail": "DescribeTrails LookupEvents GetTrailStatus ListTags",
    "athena": "GetQueryExecution StartQueryExecution* GetQueryResults BatchGetQueryExecution",
    "glue": "GetTable GetPartitions GetDatabases GetTables BatchGetPartition",
    "route53": "ListHostedZones ListResourceRecordSets GetChange",
    "acm": "ListCertificates DescribeCertificate",
    "elasticache": "DescribeCacheClusters DescribeReplicationGroups",
    "elasticfilesystem": "DescribeFileSystems DescribeMountTargets NewClientConnection*",
    "states": "DescribeExecution ListStateMachines StartExecution*",
    "events": "ListRules DescribeRule PutTargets* ListTargetsByRule",
    "apigateway": "GetRestApis GetStages GetResources",
    "kinesis": "DescribeStreamSummary ListShards GetShardIterator",
    "firehose": "DescribeDeliveryStream ListDeliveryStreams",
    "organizations": "DescribeOrganization ListAccounts DescribeAccount",
    "support": "DescribeTrustedAdvisorChecks DescribeTrustedAdvisorCheckResult",
    "guardduty": "ListDetectors GetDetector ListFindings GetFindings",
    "securityhub": "BatchImportFindings* GetFindings DescribeHub",
    "inspector2": "ListCoverage ListFindings BatchGetAccountStatus",
    "ce": "GetCostAndUsage GetDimensionValues",
}
AGENTS = [PYTHON_SDK, LAMBDA_SDK, TERRAFORM, "aws-sdk-go/1.44.260 (go1.20.12; linux; amd64)", "aws-sdk-java/2.20.162 Linux/5.10.205 OpenJDK_64-Bit_Server_VM/17.0.9+8 Java/17.0.9 vendor/Amazon.com_Inc. exec-env/AWS_ECS_FARGATE io/sync http/Apache cfg/retry-mode/legacy",
          "aws-sdk-nodejs/2.1552.0 linux/v20.11.1 promise", "Amazon ECS Agent - v1.79.2 (4cc2c2a4) (+http://aws.amazon.com/ecs/)", "kubernetes/v1.28.5-eks-5e0fdde (linux/amd64) kubernetes/5c2a1cd", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36"]
SLOT = re.compile(r'(?<="eventTime":")[^"]+|(?<="requestID":")[^"]+|(?<="eventID":")[^"]+|(?<="requestId":")[^"]+|(?<="sharedEventID":")[^"]+|(?<="accessKeyId":")ASIA[^"]+|\bi-[0-9a-f]{17}\b|\beni-[0-9a-f]{17}\b|(?<="sessionToken":")[^"]+')


def catalogue(chance):
    """Records of CALLS in AWS's shape: one identity, address and agent for each."""
    since = START.strftime("%Y-%m-%dT%H:%M:%SZ")
    identities = [role("role-%02d" % n, "i-0123456789abcdef%d" % (n % 10), "ASIAEXAMPLE000EXAMPLE", since, ec2=True) for n in range(24)]
    identities += [role("task-%02d" % n, "0123456789abcdef0123456789abcdef", "ASIAEXAMPLE000EXAMPLE", since) for n in range(16)]
    identities += [role("AWSServiceRoleFor" + name, name, "ASIAEXAMPLE000EXAMPLE", since, path="/aws-service-role/%s.amazonaws.com/" % name.lower(), invoked_by=name.lower() + ".amazonaws.com") for name in ("AutoScaling", "Config", "ECS", "EKS", "RDS")]
    identities += [console_user("user-%02d" % n, "ASIAEXAMPLE000EXAMPLE", since, mfa=True) for n in range(12)] + [user("service-%02d" % n, "AKIASERVICE%02dEXAMPLE" % n) for n in range(6)]
    # Everybody calls from one address: servers from that of their gateway, people from the office.
    addresses = {who["arn"]: "198.51.100.%d" % (20 + n) if who["type"] == "IAMUser" else "192.0.2.%d" % (80 + n % 6) if n % 3 else "10.20.1.%d" % (10 + n) for n, who in enumerate(identities)}
    templates = []
    for rank, (name, calls) in enumerate(CALLS.items()):
        # A service is used by a handful of roles and people, not by all.
        users = chance.sample(identities, 6)
        for position, call in enumerate(calls.split()):
            for who in chance.sample(users, 4):
                writes = call.endswith("*")
                event = call.rstrip("*")
                host = who.get("invokedBy")
                items = [{"%sId" % event[-6:].lower(): "i-0123456789abcdef0" if name in ("ec2", "ssm") else "resource-%05d" % chance.randrange(99999), "name": "tag:environment", "value": chance.choice(("production", "staging", "0123456789"))} for _ in range(chance.choice((0, 1, 2, 4, 8)))]
                request = {"filterSet": {"items": items}, "maxResults": 1000} if items else None
                if name == "kms":
                    request = {"encryptionContext": {"aws:%s:arn" % chance.choice(("s3", "dynamodb", "secretsmanager")): "arn:aws:s3:::amzn-s3-demo-bucket%d/data/year=2026/month=01/part-%05d.parquet" % (chance.randrange(20), chance.randrange(99999))}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}
                if name == "sts":
                    request = {"roleArn": "arn:aws:iam::%s:role/role-%02d" % (ACCOUNT, chance.randrange(24)), "roleSessionName": "session-%d" % chance.randrange(10**9), "durationSeconds": 3600}
                response = None
                if writes or event.startswith("AssumeRole"):
                    response = {"requestId": "-", "result": {"items": items or [{"status": "ok"}]}, "credentials": {"accessKeyId": "ASIAEXAMPLE000EXAMPLE", "sessionToken": "token", "expiration": "Jan 1, 2026, 1:00:00 AM"}} if event.startswith("AssumeRole") else {"requestId": "-", "_return": True, "result": {"items": items}}
                record = {"eventVersion": chance.choice(("1.08", "1.09", "1.09", "1.11")), "userIdentity": who, "eventTime": "-", "eventSource": name + ".amazonaws.com", "eventName": event, "awsRegion": "@region@",
                          "sourceIPAddress": host or addresses[who["arn"]], "userAgent": host or chance.choice(AGENTS)}
                if chance.random() < 0.03:
                    record["errorCode"] = chance.choice(("AccessDenied", "ThrottlingException", "ResourceNotFoundException", "Client.RequestLimitExceeded"))
                    record["errorMessage"] = "User: %s is not authorized to perform: %s:%s because no identity-based policy allows the %s:%s action" % (who["arn"], name, event, name, event) if record["errorCode"] == "AccessDenied" else "Rate exceeded"
                record.update({"requestParameters": request, "responseElements": response, "requestID": "-", "eventID": "-", "readOnly": not writes})
                if name in ("kms", "s3"):
                    record["resources"] = [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": "arn:aws:kms:us-east-1:%s:key/1234abcd-12ab-34cd-56ef-1234567890%02d" % (ACCOUNT, chance.randrange(10, 99))}]
                record.update({"eventType": "AwsApiCall", "managementEvent": True, "recipientAccountId": ACCOUNT, "eventCategory": "Management"})
                if not host:
                    record["tlsDetails"] = {**TLS, "clientProvidedHostHeader": "%s.@region@.amazonaws.com" % name}
                templates.append((4.0 / (1 + rank) / (1 + position) + 0.02, record))
    return templates


def account(chance):
    """Records of the example account's ordinary days."""
    trail = Trail("bench account")
    Ordinary(trail, chance).day(datetime(2026, 3, 2, tzinfo=timezone.utc), 0)
    return [(0.02, record) for _, _, record in trail.records]


class Templates:
    """Serialised records, cut at the places that differ from record to record."""

    def __init__(self):
        chance = random.Random("templates " + VERSION)
        weighted = catalogue(chance) + account(chance)
        self.cumulative = list(itertools.accumulate(weight for weight, _ in weighted))
        self.formats, self.slots, self.sessions = [], [], []
        for _, record in weighted:
            text = json.dumps(record, separators=(",", ":"))
            slots = []
            identity_end = text.index('"eventTime"')

            def slot(match):
                found = match.group()
                before = text[max(0, match.start() - 14):match.start()]
                if match.start() < identity_end and not found.startswith("ASIA"):
                    return found  # An instance stays itself.
                kind = "time" if before.endswith('"eventTime":"') else "key" if found.startswith("ASIA") else "instance" if found.startswith("i-") else "interface" if found.startswith("eni-") else "token" if before.endswith('"sessionToken":"') else "uuid"
                slots.append(kind)
                return "\0"
            # What is left may hold percent signs of its own.
            self.formats.append(SLOT.sub(slot, text).replace("%", "%%").replace("\0", "%s"))
            self.slots.append(slots)
            self.sessions.append(record["userIdentity"].get("arn", ""))

    def choose(self, chance):
        return bisect.bisect(self.cumulative, chance.random() * self.cumulative[-1])

    def fill(self, index, chance, time, region):
        values = []
        bits = chance.getrandbits
        for kind in self.slots[index]:
            if kind == "uuid":
                text = "%032x" % bits(128)
                values.append("%s-%s-4%s-a%s-%s" % (text[:8], text[8:12], text[13:16], text[17:20], text[20:]))
            elif kind == "time":
                values.append(time)
            elif kind == "key":
                # A session's key lives for an hour.
                values.append("ASIA%09XEXAMPLE" % (zlib.crc32((self.sessions[index] + time[:13] + region).encode()) * 31))
            elif kind == "token":
                values.append("IQoJEXAMPLE%0200x" % bits(800))
            else:
                values.append("%s-0%016x" % ("i" if kind == "instance" else "eni", bits(10) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF))
        return (self.formats[index] % tuple(values)).replace("@region@", region)


def write_gzip(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as packed:
        packed.write(data)
    return len(data)


TEMPLATES = None


def trail_file(job):
    """One object; job is (its number, folder). Every hundredth record is that of an earlier object once more."""
    global TEMPLATES
    if TEMPLATES is None:
        TEMPLATES = Templates()
    number, folder = job
    records, region, end = trail_records(number)
    if number >= 24:
        earlier, _, _ = trail_records(number - 24)
        copies = random.Random("copies %d" % number)
        for record in copies.sample(earlier, max(1, len(records) // 100)):
            records.insert(copies.randrange(len(records)), record)
    unique = "%016d" % (number * 7919 % 10**16)
    path = os.path.join(folder, "AWSLogs", ACCOUNT, "CloudTrail", region, end.strftime("%Y/%m/%d"), "%s_CloudTrail_%s_%s_%s.json.gz" % (ACCOUNT, region, end.strftime("%Y%m%dT%H%MZ"), unique))
    return write_gzip(path, ('{"Records":[' + ",".join(records) + "]}").encode())


def trail_records(number):
    chance = random.Random("file %s %d" % (VERSION, number))
    region = REGIONS[number % len(REGIONS)]
    end = START + timedelta(minutes=5 * (number // len(REGIONS) + 1))
    count = max(8, int(chance.gauss(RECORDS_A_FILE, 50)))
    seconds = sorted(chance.randrange(300) for _ in range(count))
    return [TEMPLATES.fill(TEMPLATES.choose(chance), chance, (end - timedelta(seconds=300 - second)).strftime("%Y-%m-%dT%H:%M:%SZ"), region) for second in seconds], region, end


def flow_file(job):
    number, folder = job
    chance = random.Random("flow %s %d" % (VERSION, number))
    end = START + timedelta(minutes=5 * (number + 1))
    stamp = int(end.timestamp()) - 300
    lines = [HEADER]
    for _ in range(20_000):
        start = stamp + chance.randrange(240)
        source, target = "10.20.%d.%d" % (chance.randrange(8), chance.randrange(256)), chance.choice(("203.0.113.%d", "198.51.100.%d", "10.20.9.%d")) % chance.randrange(256)
        packets = chance.randrange(1, 400)
        lines.append("2 %s eni-0%016x %s %s %d %d 6 %d %d %d %d %s OK" % (ACCOUNT, chance.getrandbits(8) * 0x1234567, source, target, chance.randrange(1024, 65536), chance.choice((443, 443, 443, 80, 5432, 22, 53)), packets, packets * 120, start, start + 60, "REJECT" if chance.random() < 0.03 else "ACCEPT"))
    path = os.path.join(folder, "AWSLogs", ACCOUNT, "vpcflowlogs", "us-east-1", end.strftime("%Y/%m/%d"), "%s_vpcflowlogs_us-east-1_fl-0123456789abcdef0_%s_%08x.log.gz" % (ACCOUNT, end.strftime("%Y%m%dT%H%MZ"), number * 2654435761 % 2**32))
    return write_gzip(path, ("\n".join(lines) + "\n").encode())


AGENTS = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Mobile/15E148 Safari/604.1",
    "curl/8.5.0", "aws-sdk-go-v2/1.24.1 os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#amd64 api/s3#1.48.1")
PATHS = ("/", "/index.html", "/assets/app-%05d.js", "/api/v1/orders/%05d", "/api/v1/items?page=%05d", "/images/%05d.webp", "/login")


def viewer(chance):
    return chance.choice(("203.0.113.%d", "198.51.100.%d", "192.0.2.%d")) % chance.randrange(256)


def some_path(chance):
    path = chance.choice(PATHS)
    return path % chance.randrange(99999) if "%" in path else path


def status_of(chance):
    return chance.choices((200, 304, 301, 404, 403, 500), (80, 8, 4, 5, 2, 1))[0]


def hexadecimal(chance, digits):
    return "%0*x" % (digits, chance.getrandbits(4 * digits))


def s3_access_file(job):
    number, folder = job
    chance = random.Random("s3 %s %d" % (VERSION, number))
    end = START + timedelta(minutes=5 * (number + 1))
    owner = hexadecimal(random.Random("owner"), 64)
    lines = []
    for _ in range(8_000):
        at, key, status = end - timedelta(seconds=chance.randrange(300)), "data/%04d/part-%05d.parquet" % (chance.randrange(2000), chance.randrange(99999)), status_of(chance)
        method, operation = chance.choices((("GET", "REST.GET.OBJECT"), ("PUT", "REST.PUT.OBJECT"), ("HEAD", "REST.HEAD.OBJECT"), ("DELETE", "REST.DELETE.OBJECT")), (80, 10, 8, 2))[0]
        lines.append('%s reports-111122223333 [%s] %s arn:aws:sts::%s:assumed-role/role-%02d/i-0123456789abcdef%d %s %s %s "%s /%s HTTP/1.1" %d %s %d %d %d %d "-" "%s" - %s SigV4 TLS_AES_128_GCM_SHA256 AuthHeader reports-111122223333.s3.eu-central-1.amazonaws.com TLSv1.3 - -' % (
            owner, at.strftime("%d/%b/%Y:%H:%M:%S +0000"), viewer(chance), ACCOUNT, chance.randrange(24), chance.randrange(10), hexadecimal(chance, 16).upper(), operation, key, method, key, status, "AccessDenied" if status == 403 else "-", chance.randrange(10**6), chance.randrange(10**7),
            chance.randrange(500), chance.randrange(200), chance.choice(AGENTS), hexadecimal(chance, 76)))
    path = os.path.join(folder, "%s%s.gz" % (end.strftime("%Y-%m-%d-%H-%M-%S-"), hexadecimal(chance, 16).upper()))
    return write_gzip(path, ("\n".join(lines) + "\n").encode())


def elb_file(job):
    number, folder = job
    chance = random.Random("elb %s %d" % (VERSION, number))
    end = START + timedelta(minutes=5 * (number + 1))
    lines = []
    for _ in range(8_000):
        at, status = end - timedelta(microseconds=chance.randrange(300_000_000)), status_of(chance)
        target = "10.20.%d.%d:8080" % (chance.randrange(8), chance.randrange(256))
        lines.append('https %s app/shop/50dc6c495c0c9188 %s:%d %s 0.001 0.%03d 0.000 %d %d %d %d "%s https://shop.example.com:443%s HTTP/2.0" "%s" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-central-1:%s:targetgroup/shop/73e2d6bc24d8a067 "Root=1-%s-%s" "shop.example.com" "arn:aws:acm:eu-central-1:%s:certificate/12345678-1234-1234-1234-123456789012" 0 %s "forward" "-" "-" "%s" "%d" "-" "-" TID_%s' % (
            at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), viewer(chance), chance.randrange(1024, 65536), target, chance.randrange(1000), status, status, chance.randrange(100, 2000), chance.randrange(200, 90000), chance.choice(("GET", "GET", "GET", "POST")), some_path(chance), chance.choice(AGENTS),
            ACCOUNT, hexadecimal(chance, 8), hexadecimal(chance, 24), ACCOUNT, at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), target, status, hexadecimal(chance, 32)))
    path = os.path.join(folder, "AWSLogs", ACCOUNT, "elasticloadbalancing", "eu-central-1", end.strftime("%Y/%m/%d"), "%s_elasticloadbalancing_eu-central-1_app.shop.50dc6c495c0c9188_%s_203.0.113.9_%08x.log.gz" % (ACCOUNT, end.strftime("%Y%m%dT%H%MZ"), number))
    return write_gzip(path, ("\n".join(lines) + "\n").encode())


def cloudfront_file(job):
    number, folder = job
    chance = random.Random("cloudfront %s %d" % (VERSION, number))
    end = START + timedelta(minutes=5 * (number + 1))
    lines = ["#Version: 1.0", "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end"]
    for _ in range(8_000):
        at, status = end - timedelta(seconds=chance.randrange(300)), status_of(chance)
        stem, _, query = some_path(chance).partition("?")
        result = chance.choice(("Hit", "Hit", "Miss", "RefreshHit")) if status < 400 else "Error"
        lines.append("\t".join((at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S"), chance.choice(("FRA56-P1", "IAD89-C3", "NRT57-P3")), str(chance.randrange(200, 90000)), viewer(chance), chance.choice(("GET", "GET", "GET", "POST", "HEAD")), "d111111abcdef8.cloudfront.net", stem, str(status), "-", chance.choice(AGENTS).replace(" ", "%20"), query or "-", "-",
            result, hexadecimal(chance, 54), "shop.example.com", "https", str(chance.randrange(100, 900)), "0.%03d" % chance.randrange(1000), "-", "TLSv1.3", "TLS_AES_128_GCM_SHA256", result, "HTTP/2.0", "-", "-", str(chance.randrange(1024, 65536)), "0.%03d" % chance.randrange(1000), result, "text/html", str(chance.randrange(90000)), "-", "-")))
    path = os.path.join(folder, "E2EXAMPLE1ABCD.%s.%s.gz" % (end.strftime("%Y-%m-%d-%H"), hexadecimal(chance, 8)))
    return write_gzip(path, ("\n".join(lines) + "\n").encode())


# Kinds of lines, and what makes their files.
LINE_KINDS = {"vpc_flow": flow_file, "s3_access": s3_access_file, "elb": elb_file, "cloudfront": cloudfront_file}


def fill(pool, work, folder, wanted, batch):
    """Makes files in order until they hold `wanted` bytes; returns the bytes and the number of files."""
    total = files = 0
    while total < wanted:
        for size in pool.map(work, [(files + n, folder) for n in range(batch)], chunksize=4):
            total += size
        files += batch
        if sys.stderr.isatty():
            print("\r%s: %d of %d MB" % (os.path.basename(folder), total >> 20, wanted >> 20), end="", file=sys.stderr, flush=True)
    print("\r%s: %d files, %d MB made" % (os.path.basename(folder), files, total >> 20), file=sys.stderr)
    return total, files


def make(folder, megabytes, line_megabytes):
    """Makes the data below `folder` unless it is there; returns the folder of each kind."""
    folders = {"cloudtrail": os.path.join(folder, "cloudtrail-%d" % megabytes)}
    wanted_data = [(folders["cloudtrail"], trail_file, megabytes << 20, 24)]
    for kind, work in LINE_KINDS.items():
        folders[kind] = os.path.join(folder, "%s-%d" % (kind, line_megabytes))
        wanted_data.append((folders[kind], work, line_megabytes << 20, 2))
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for path, work, wanted, batch in wanted_data:
            mark = path + ".made"
            if os.path.exists(mark) and open(mark).read() == VERSION:
                continue
            if os.path.exists(path):
                import shutil
                shutil.rmtree(path)
            fill(pool, work, path, wanted, batch)
            with open(mark, "w") as file:
                file.write(VERSION)
    return folders


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--line-megabytes", type=int, default=64)
    options = parser.parse_args()
    make(options.folder, options.megabytes, options.line_megabytes)
