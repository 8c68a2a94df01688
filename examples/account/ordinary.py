"""Five ordinary days: people at work, a build service, servers, and AWS's own housekeeping."""
from datetime import timedelta

from account.records import ACCOUNT, BROWSER, GATEWAY, OFFICE, REGION, RUNNER, console_user, role, service

TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.39.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.25.2 os/linux lang/go#1.21.7 md/GOOS#linux md/GOARCH#amd64"
PYTHON_SDK = "Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#6.1.79 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.51"
LAMBDA_SDK = "Boto3/1.34.42 md/Botocore#1.34.42 ua/2.0 os/linux#5.10.205 md/arch#x86_64 lang/python#3.12.1 exec-env/AWS_Lambda_python3.12 Botocore/1.34.42"
AGENT = "aws-sdk-go/1.44.260 (go1.20.12; linux; amd64) amazon-ssm-agent/3.2.2303.0"
CLI = "aws-cli/2.15.24 Python/3.11.6 Darwin/23.3.0 source/arm64 prompt/off command/%s"

SERVERS = ["i-0a1b2c3d4e5f60718", "i-0a1b2c3d4e5f60729", "i-0a1b2c3d4e5f6073a"]
BUCKETS = ["example-corp-web-assets", "example-corp-orders", "example-corp-terraform-state", "example-corp-audit-logs", "example-corp-payroll"]
TRAIL = "arn:aws:cloudtrail:%s:%s:trail/management-trail" % (REGION, ACCOUNT)
KEY = "arn:aws:kms:%s:%s:key/1234abcd-12ab-34cd-56ef-1234567890ab" % (REGION, ACCOUNT)
DATABASE_SECRET = "arn:aws:secretsmanager:%s:%s:secret:prod/orders/database-a1b2c3" % (REGION, ACCOUNT)


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Ordinary:
    def __init__(self, trail, seed_random):
        self.trail = trail
        self.random = seed_random

    def jitter(self, time, seconds):
        return time + timedelta(seconds=self.random.randrange(seconds))

    def bucket(self, name):
        return [{"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::" + name}]

    def object(self, bucket, key):
        return [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::%s/%s" % (bucket, key)}, *self.bucket(bucket)]

    # ---- AWS itself ----

    def log_delivery(self, hour):
        """CloudTrail and the log delivery service look at their bucket before they write to it."""
        for name in ("cloudtrail", "delivery.logs"):
            host = name + ".amazonaws.com"
            self.trail.call(self.jitter(hour, 900), service(host), "s3", "GetBucketAcl", host, host,
                            {"bucketName": "example-corp-audit-logs", "Host": "example-corp-audit-logs.s3.%s.amazonaws.com" % REGION, "acl": ""}, None,
                            resources=self.bucket("example-corp-audit-logs"),
                            extra={"SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0, "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": 550})
        for _ in range(2):
            time = self.jitter(hour, 3600)
            self.trail.call(time, service("cloudtrail.amazonaws.com"), "kms", "GenerateDataKey", "cloudtrail.amazonaws.com", "cloudtrail.amazonaws.com",
                            {"keyId": KEY, "keySpec": "AES_256", "encryptionContext": {"aws:cloudtrail:arn": TRAIL,
                             "aws:s3:arn": "arn:aws:s3:::example-corp-audit-logs/AWSLogs/%s/CloudTrail/%s/%s" % (ACCOUNT, REGION, time.strftime("%Y/%m/%d"))}}, None,
                            resources=[{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": KEY}], shared=self.trail.names.uuid())

    def service_roles(self, hour):
        """Roles of services: the load balancers, auto scaling, the configuration recorder, the database's monitoring."""
        since = stamp(hour)
        for name, host, calls in (
            ("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com", [("ec2", "DescribeInstanceStatus"), ("ec2", "DescribeInstances"), ("elasticloadbalancing", "DescribeTargetHealth")]),
            ("AWSServiceRoleForElasticLoadBalancing", "elasticloadbalancing.amazonaws.com", [("ec2", "DescribeNetworkInterfaces"), ("ec2", "DescribeSecurityGroups")]),
            ("AWSServiceRoleForConfig", "config.amazonaws.com", [("iam", "GetAccountPasswordPolicy"), ("s3", "ListBuckets"), ("rds", "DescribeDBInstances"), ("ec2", "DescribeSnapshots")]),
            ("AWSServiceRoleForRDS", "rds.amazonaws.com", [("ec2", "DescribeSecurityGroups"), ("ec2", "DescribeSubnets")]),
        ):
            if self.random.random() < 0.5:
                continue
            who = role(name, name.removeprefix("AWSServiceRoleFor"), self.trail.names.temporary_key(), since, path="/aws-service-role/%s/" % host, invoked_by=host)
            start = self.jitter(hour, 3000)
            self.trail.call(start, service(host), "sts", "AssumeRole", host, host,
                            {"roleArn": who["sessionContext"]["sessionIssuer"]["arn"], "roleSessionName": who["arn"].rsplit("/", 1)[1], "durationSeconds": 3600},
                            {"credentials": {"accessKeyId": who["accessKeyId"], "sessionToken": "IQoJEXAMPLE" + self.trail.names.letters(40), "expiration": start.strftime("%b ") + "%d, %d, 11:59:59 PM" % (start.day, start.year)},
                             "assumedRoleUser": {"assumedRoleId": who["principalId"], "arn": who["arn"]}},
                            read=True, resources=[{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": who["sessionContext"]["sessionIssuer"]["arn"]}],
                            shared=self.trail.names.uuid())
            for number, (source, event) in enumerate(calls):
                self.trail.call(start + timedelta(seconds=2 + number), who, source, event, host, host, {"maxResults": 1000} if source == "ec2" else None)

    def servers(self, hour):
        """The application's servers and functions."""
        for server in SERVERS:
            who = role("app-server", server, self.trail.names.temporary_key(), stamp(hour), ec2=True)
            self.trail.call(self.jitter(hour, 3600), who, "ssm", "UpdateInstanceInformation", GATEWAY, AGENT,
                            {"instanceId": server, "agentVersion": "3.2.2303.0", "agentStatus": "Active", "platformType": "Linux", "platformName": "Amazon Linux", "platformVersion": "2023",
                             "iPAddress": "10.20.1.%d" % (15 + SERVERS.index(server)), "computerName": "ip-10-20-1-%d.ec2.internal" % (15 + SERVERS.index(server)), "agentName": "amazon-ssm-agent"}, None, read=False)
            for _ in range(self.random.choice((1, 1, 2))):
                key = "invoices/%s/%s.pdf" % (hour.strftime("%Y/%m/%d"), self.trail.names.hexadecimal(12))
                self.trail.call(self.jitter(hour, 3600), who, "s3", "PutObject", GATEWAY, PYTHON_SDK,
                                {"bucketName": "example-corp-orders", "Host": "example-corp-orders.s3.%s.amazonaws.com" % REGION, "key": key},
                                {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": KEY},
                                read=False, data=True, resources=self.object("example-corp-orders", key),
                                extra={"SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 4000 + self.random.randrange(90000), "SSEApplied": "SSE_KMS",
                                       "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": 0})
        who = role("orders-function", "orders-function", self.trail.names.temporary_key(), stamp(hour))
        self.trail.call(self.jitter(hour, 1800), who, "secretsmanager", "GetSecretValue", GATEWAY, LAMBDA_SDK, {"secretId": DATABASE_SECRET}, None)
        self.trail.call(self.jitter(hour, 1800), who, "kms", "Decrypt", "secretsmanager.amazonaws.com", "secretsmanager.amazonaws.com",
                        {"encryptionContext": {"SecretARN": DATABASE_SECRET}, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, None, read=True,
                        resources=[{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": KEY}])
        if self.random.random() < 0.4:
            self.trail.call(self.jitter(hour, 3600), who, "logs", "CreateLogStream", GATEWAY, "awslambda-worker/1.0 rusoto/0.48.0 rust/1.75.0 linux",
                            {"logStreamName": "%s/[$LATEST]%s" % (hour.strftime("%Y/%m/%d"), self.trail.names.hexadecimal(32)), "logGroupName": "/aws/lambda/orders-function"}, None, read=False)

    def scaling(self, day):
        """The group grows by one server in the morning and shrinks in the evening."""
        who = role("AWSServiceRoleForAutoScaling", "AutoScaling", self.trail.names.temporary_key(), stamp(day), path="/aws-service-role/autoscaling.amazonaws.com/", invoked_by="autoscaling.amazonaws.com")
        server = "i-" + self.trail.names.hexadecimal(17)
        self.trail.call(day + timedelta(hours=8, minutes=2), who, "ec2", "RunInstances", "autoscaling.amazonaws.com", "autoscaling.amazonaws.com",
                        {"instancesSet": {"items": [{"minCount": 1, "maxCount": 1}]}, "launchTemplate": {"launchTemplateId": "lt-0123456789abcdef0", "version": "7"}, "monitoring": {"enabled": True}, "disableApiTermination": False, "clientToken": "fleet-" + self.trail.names.uuid()},
                        {"requestId": self.trail.names.uuid(), "reservationId": "r-" + self.trail.names.hexadecimal(17), "ownerId": ACCOUNT,
                         "instancesSet": {"items": [{"instanceId": server, "imageId": "ami-0123456789abcdef0", "instanceType": "t3.medium", "instanceState": {"code": 0, "name": "pending"}, "privateIpAddress": "10.20.1.40"}]}}, read=False)
        self.trail.call(day + timedelta(hours=18, minutes=31), who, "ec2", "TerminateInstances", "autoscaling.amazonaws.com", "autoscaling.amazonaws.com",
                        {"instancesSet": {"items": [{"instanceId": server}]}},
                        {"requestId": self.trail.names.uuid(), "instancesSet": {"items": [{"instanceId": server, "currentState": {"code": 32, "name": "shutting-down"}, "previousState": {"code": 16, "name": "running"}}]}}, read=False)

    # ---- the build service ----

    def terraform(self, time, change):
        """A run of the build service: a web identity becomes the deployment role, which reads much and changes little."""
        run = "run-%d" % (8_000_000_000 + self.random.randrange(10**9))
        provider = "arn:aws:iam::%s:oidc-provider/token.actions.githubusercontent.com" % ACCOUNT
        who = role("terraform-deploy", run, self.trail.names.temporary_key(), stamp(time), federated=provider)
        subject = "repo:example-corp/infrastructure:ref:refs/heads/main"
        self.trail.call(time, {"type": "WebIdentityUser", "principalId": "%s:sts.amazonaws.com:%s" % (provider, subject), "userName": subject, "identityProvider": provider},
                        "sts", "AssumeRoleWithWebIdentity", RUNNER, "aws-sdk-nodejs/2.1552.0 linux/v20.11.1 configure-aws-credentials-for-github-actions promise",
                        {"roleArn": "arn:aws:iam::%s:role/terraform-deploy" % ACCOUNT, "roleSessionName": run, "durationSeconds": 3600},
                        {"credentials": {"accessKeyId": who["accessKeyId"], "sessionToken": "IQoJEXAMPLE" + self.trail.names.letters(40), "expiration": (time + timedelta(hours=1)).strftime("%b %d, %Y, %I:%M:%S %p")},
                         "subjectFromWebIdentityToken": subject, "assumedRoleUser": {"assumedRoleId": who["principalId"], "arn": who["arn"]}, "provider": provider, "audience": "sts.amazonaws.com"},
                        read=True, resources=[{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": "arn:aws:iam::%s:role/terraform-deploy" % ACCOUNT}])
        time += timedelta(seconds=20)
        state = {"bucketName": "example-corp-terraform-state", "key": "production/terraform.tfstate", "Host": "example-corp-terraform-state.s3.%s.amazonaws.com" % REGION}
        self.trail.call(time, who, "s3", "GetObject", RUNNER, TERRAFORM, state, None, data=True, resources=self.object("example-corp-terraform-state", "production/terraform.tfstate"))
        reads = [("sts", "GetCallerIdentity", None), ("ec2", "DescribeVpcs", {"vpcSet": {"items": [{"vpcId": "vpc-0123456789abcdef0"}]}, "filterSet": {}}),
                 ("ec2", "DescribeSubnets", {"subnetSet": {"items": [{"subnetId": "subnet-0123456789abcdef0"}]}, "filterSet": {}}), ("ec2", "DescribeSecurityGroups", {"securityGroupSet": {}, "filterSet": {}}),
                 ("iam", "GetRole", {"roleName": "app-server"}), ("iam", "ListRolePolicies", {"roleName": "app-server"}), ("iam", "GetPolicy", {"policyArn": "arn:aws:iam::%s:policy/app-server" % ACCOUNT}),
                 ("s3", "GetBucketPolicy", {"bucketName": "example-corp-web-assets", "policy": ""}), ("s3", "GetBucketAcl", {"bucketName": "example-corp-web-assets", "acl": ""}),
                 ("s3", "GetBucketVersioning", {"bucketName": "example-corp-orders", "versioning": ""}), ("lambda", "GetFunction20150331v2", {"functionName": "orders-function"}),
                 ("rds", "DescribeDBInstances", {"dBInstanceIdentifier": "orders"}), ("elasticloadbalancing", "DescribeLoadBalancers", {"loadBalancerArns": ["arn:aws:elasticloadbalancing:%s:%s:loadbalancer/app/web/0123456789abcdef" % (REGION, ACCOUNT)]}),
                 ("cloudfront", "GetDistribution2020_05_31", {"id": "EDFDVBD6EXAMPLE"}), ("route53", "GetHostedZone", {"id": "Z1D633PJN98FT9"}), ("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/aws/lambda/orders-function"}),
                 ("autoscaling", "DescribeAutoScalingGroups", {"autoScalingGroupNames": ["web"]}), ("cloudtrail", "DescribeTrails", {"trailNameList": ["management-trail"]})]
        for source, name, request in reads:
            time += timedelta(seconds=self.random.choice((0, 1, 1, 2)))
            self.trail.call(time, who, source, name, RUNNER, TERRAFORM, request, None)
        time += timedelta(seconds=30)
        if change == "function":
            self.trail.call(time, who, "lambda", "UpdateFunctionCode20150331v2", RUNNER, TERRAFORM, {"functionName": "orders-function", "s3Bucket": "example-corp-terraform-state", "s3Key": "builds/orders-%s.zip" % self.trail.names.hexadecimal(8), "publish": True, "dryRun": False},
                            {"functionName": "orders-function", "functionArn": "arn:aws:lambda:%s:%s:function:orders-function" % (REGION, ACCOUNT), "runtime": "python3.12", "role": "arn:aws:iam::%s:role/orders-function" % ACCOUNT, "handler": "app.handler", "codeSize": 48123, "version": "%d" % self.random.randrange(40, 60)}, read=False)
        elif change == "database-port":
            group = "sg-0fedcba9876543210"
            self.trail.call(time, who, "ec2", "AuthorizeSecurityGroupIngress", RUNNER, TERRAFORM,
                            {"groupId": group, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "groups": {}, "ipRanges": {"items": [{"cidrIp": "10.20.0.0/16", "description": "application subnets"}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}},
                            {"requestId": self.trail.names.uuid(), "_return": True, "securityGroupRuleSet": {"items": [{"groupOwnerId": ACCOUNT, "groupId": group, "securityGroupRuleId": "sgr-" + self.trail.names.hexadecimal(17), "description": "application subnets", "isEgress": False, "ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "cidrIpv4": "10.20.0.0/16"}]}}, read=False)
        elif change == "tags":
            self.trail.call(time, who, "ec2", "CreateTags", RUNNER, TERRAFORM, {"resourcesSet": {"items": [{"resourceId": SERVERS[0]}]}, "tagSet": {"items": [{"key": "release", "value": "2026.%d" % self.random.randrange(9, 12)}]}},
                            {"requestId": self.trail.names.uuid(), "_return": True}, read=False)
        if change:
            self.trail.call(time + timedelta(seconds=5), who, "s3", "PutObject", RUNNER, TERRAFORM, state, {"x-amz-server-side-encryption": "AES256"}, read=False, data=True, resources=self.object("example-corp-terraform-state", "production/terraform.tfstate"))

    # ---- people ----

    def console(self, time, name, minutes, pages, mistype=False):
        """Somebody signs in with a second factor and looks at some pages of the console."""
        who = console_user(name, self.trail.names.temporary_key(), stamp(time), mfa=True)
        if mistype:
            self.trail.sign_in(time - timedelta(seconds=24), who, OFFICE, BROWSER, success=False, mfa=False)
        self.trail.sign_in(time, who, OFFICE, BROWSER, success=True, mfa=True)
        for page in pages:
            time += timedelta(seconds=self.random.randrange(40, 60 * minutes // len(pages) + 41))
            for number, (source, event, request) in enumerate(page):
                self.trail.call(time + timedelta(seconds=number // 3), who, source, event, OFFICE, BROWSER, request, None, console=True)
        return who

    PAGES = {
        "servers": [("ec2", "DescribeInstances", {"maxResults": 50, "filterSet": {}}), ("ec2", "DescribeInstanceStatus", {"includeAllInstances": True}), ("ec2", "DescribeVolumes", {"maxResults": 500}),
                    ("ec2", "DescribeSecurityGroups", {"maxResults": 1000}), ("ec2", "DescribeAddresses", {"publicIpsSet": {}, "filterSet": {}}), ("monitoring", "DescribeAlarms", {"maxRecords": 100}), ("autoscaling", "DescribeAutoScalingGroups", None)],
        "buckets": [("s3", "ListBuckets", {"Host": "s3.us-east-1.amazonaws.com"}), ("s3", "GetBucketLocation", {"bucketName": "example-corp-orders", "location": ""}), ("s3", "GetAccountPublicAccessBlock", {"publicAccessBlock": ""}), ("s3", "GetBucketVersioning", {"bucketName": "example-corp-orders", "versioning": ""})],
        "database": [("rds", "DescribeDBInstances", None), ("rds", "DescribeDBClusters", None), ("rds", "DescribeEvents", {"maxRecords": 100, "sourceType": "db-instance"}), ("rds", "DescribePendingMaintenanceActions", None)],
        "functions": [("lambda", "ListFunctions20150331", None), ("lambda", "GetFunction20150331v2", {"functionName": "orders-function"}), ("logs", "DescribeLogStreams", {"logGroupName": "/aws/lambda/orders-function", "orderBy": "LastEventTime", "descending": True}), ("logs", "FilterLogEvents", {"logGroupName": "/aws/lambda/orders-function"})],
        "people": [("iam", "ListUsers", None), ("iam", "GetAccountSummary", None), ("iam", "ListMFADevices", None), ("iam", "ListAccountAliases", None)],
        "bill": [("ce", "GetCostAndUsage", {"Granularity": "DAILY", "TimePeriod": {"Start": "2026-02-01", "End": "2026-03-01"}, "Metrics": ["UnblendedCost"]}), ("ce", "GetCostForecast", {"Granularity": "MONTHLY", "Metric": "UNBLENDED_COST"})],
        "queries": [("athena", "StartQueryExecution", {"queryString": "***OMITTED***", "workGroup": "finance"}), ("athena", "GetQueryExecution", {"queryExecutionId": "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"}), ("glue", "GetTables", {"databaseName": "finance"})],
    }

    def pages(self, *names):
        return [self.PAGES[name] for name in names]

    def developer_cli(self, time):
        """A developer's shell: some reads, and now and then something that is not allowed."""
        who = console_user("bob", self.trail.names.temporary_key(), stamp(time), mfa=True)
        for source, event, request, command in (("sts", "GetCallerIdentity", None, "sts.get-caller-identity"), ("lambda", "ListFunctions20150331", None, "lambda.list-functions"),
                                                ("logs", "FilterLogEvents", {"logGroupName": "/aws/lambda/orders-function", "interleaved": False}, "logs.filter-log-events"), ("s3", "ListBuckets", {"Host": "s3.amazonaws.com"}, "s3.ls")):
            time += timedelta(seconds=self.random.randrange(5, 90))
            self.trail.call(time, who, source, event, OFFICE, CLI % command, request, None)
        self.trail.call(time + timedelta(seconds=30), who, "rds", "DescribeDBSnapshots", OFFICE, CLI % "rds.describe-db-snapshots", None, None, error="AccessDenied",
                        message="User: arn:aws:iam::%s:user/bob is not authorized to perform: rds:DescribeDBSnapshots because no identity-based policy allows the rds:DescribeDBSnapshots action" % ACCOUNT)

    def backup(self, day):
        """The nightly copy of the orders, made by an old user with a long-lived key from a server in the office."""
        who = {"type": "IAMUser", "principalId": "AIDABLEGACYBK1EXAMPLE", "arn": "arn:aws:iam::%s:user/legacy-backup" % ACCOUNT, "accountId": ACCOUNT, "accessKeyId": "AKIALEGACYBK1EXAMPLE", "userName": "legacy-backup"}
        time = day + timedelta(hours=1, minutes=5)
        agent = "aws-cli/1.18.69 Python/3.8.10 Linux/5.4.0-171-generic botocore/1.16.19"
        for number in range(6):
            key = "exports/%s/part-%04d.csv.gz" % (day.strftime("%Y-%m-%d"), number)
            self.trail.call(time + timedelta(seconds=15 * number), who, "s3", "GetObject", "198.51.100.40", agent,
                            {"bucketName": "example-corp-orders", "Host": "example-corp-orders.s3.amazonaws.com", "key": key}, None, data=True, resources=self.object("example-corp-orders", key),
                            extra={"SignatureVersion": "SigV4", "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256", "bytesTransferredIn": 0, "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": 1_200_000 + self.random.randrange(99999)})

    # ---- a week ----

    def day(self, day, number):
        for hour in range(24):
            self.log_delivery(day + timedelta(hours=hour))
            self.service_roles(day + timedelta(hours=hour))
            self.servers(day + timedelta(hours=hour))
        self.scaling(day)
        self.backup(day)
        changes = [(["function", None, "tags"], ["database-port", None, "function"])[number % 2][i] for i in range(3)]
        for run, change in enumerate(changes):
            self.terraform(day + timedelta(hours=9 + 3 * run, minutes=self.random.randrange(50)), change)
        self.console(day + timedelta(hours=8, minutes=30 + self.random.randrange(20)), "alice", 50, self.pages("servers", "people", "buckets", "servers"), mistype=number == 1)
        self.console(day + timedelta(hours=9, minutes=self.random.randrange(50)), "bob", 90, self.pages("functions", "servers", "functions", "database", "functions"))
        self.console(day + timedelta(hours=10, minutes=self.random.randrange(40)), "carol", 60, self.pages("bill", "queries", "queries", "buckets"))
        self.developer_cli(day + timedelta(hours=14, minutes=self.random.randrange(40)))
        self.console(day + timedelta(hours=15, minutes=self.random.randrange(40)), "alice", 40, self.pages("database", "servers", "buckets"))
