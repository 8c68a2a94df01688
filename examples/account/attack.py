"""The attack: what examples/README.md tells, call by call. Every step is a method, in the order of the story."""
from datetime import timedelta

from account.records import ACCOUNT, ATTACKER, ATTACKER_SERVER, BROWSER, OFFICE, REGION, STRANGER, console_user, root, user
from account.ordinary import SERVERS, stamp

OLD_CLI = "aws-cli/1.32.58 md/Botocore#1.34.58 ua/2.0 os/linux#6.6.9-amd64 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython cfg/retry-mode#legacy botocore/1.34.58"
NEW_CLI = "aws-cli/2.15.30 Python/3.11.8 Linux/6.6.9-amd64 exe/x86_64.kali.2024 prompt/off command/%s"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"

LEAKED = {"type": "IAMUser", "principalId": "AIDABLEGACYBK1EXAMPLE", "arn": "arn:aws:iam::%s:user/legacy-backup" % ACCOUNT, "accountId": ACCOUNT,
          "accessKeyId": "AKIALEGACYBK1EXAMPLE", "userName": "legacy-backup"}
BACKDOOR = "support-automation"
BACKDOOR_KEY = "AKIASUPPORTA1EXAMPLE"
GROUP = "sg-0a1b2c3d4e5f60718"
FAR_REGION = "ap-southeast-2"


class Attack:
    def __init__(self, trail, seed_random):
        self.trail = trail
        self.random = seed_random
        self.backdoor = user(BACKDOOR, BACKDOOR_KEY)

    def denied(self, time, source, name, action, request=None):
        error, who = ("Client.UnauthorizedOperation", "You are not authorized to perform this operation.") if source == "ec2" else (
            "AccessDenied", "User: %s is not authorized to perform: %s on resource: * because no identity-based policy allows the %s action" % (LEAKED["arn"], action, action))
        self.trail.call(time, LEAKED, source, name, ATTACKER, OLD_CLI, request, None, error=error, message=who)

    def reconnaissance(self, start):
        """Tries the leaked key: who am I, and what may I do? Most of it is denied."""
        self.trail.call(start, LEAKED, "sts", "GetCallerIdentity", ATTACKER, OLD_CLI)
        time = start + timedelta(seconds=50)
        tries = [("iam", "GetAccountAuthorizationDetails"), ("iam", "ListRoles"), ("iam", "ListGroups"), ("iam", "GetAccountSummary"), ("ec2", "DescribeInstances"), ("ec2", "DescribeSnapshots"),
                 ("ec2", "DescribeSecurityGroups"), ("ec2", "DescribeVolumes"), ("ec2", "DescribeImages"), ("rds", "DescribeDBInstances"), ("rds", "DescribeDBSnapshots"), ("lambda", "ListFunctions20150331"),
                 ("secretsmanager", "ListSecrets"), ("ssm", "DescribeParameters"), ("ssm", "DescribeInstanceInformation"), ("dynamodb", "ListTables"), ("kms", "ListKeys"), ("ecr", "DescribeRepositories"),
                 ("eks", "ListClusters"), ("ecs", "ListClusters"), ("cloudtrail", "DescribeTrails"), ("guardduty", "ListDetectors"), ("organizations", "DescribeOrganization"), ("ses", "GetSendQuota"),
                 ("sns", "ListTopics"), ("sqs", "ListQueues"), ("cloudformation", "ListStacks"), ("route53", "ListHostedZones")]
        for source, name in tries:
            time += timedelta(seconds=self.random.randrange(4, 14))
            self.denied(time, source, name, "%s:%s" % (source, name.removesuffix("20150331")))
        for source, name, request in (("s3", "ListBuckets", {"Host": "s3.amazonaws.com"}), ("iam", "ListUsers", None), ("iam", "ListAttachedUserPolicies", {"userName": "legacy-backup"}), ("iam", "GetUser", None)):
            time += timedelta(seconds=9)
            self.trail.call(time, LEAKED, source, name, ATTACKER, OLD_CLI, request, None)
        self.trail.call(time + timedelta(seconds=30), LEAKED, "s3", "PutBucketAcl", ATTACKER, OLD_CLI,
                        {"bucketName": "example-corp-payroll", "Host": "example-corp-payroll.s3.amazonaws.com", "acl": "", "x-amz-acl": "public-read"}, None, read=False, error="AccessDenied", message="Access Denied")

    def backdoor_user(self, start):
        """The old user may manage users: a new one with every right, a key and a password."""
        created = start.strftime("%b ") + "%d, %d %s" % (start.day, start.year, start.strftime("%I:%M:%S %p"))
        self.trail.call(start, LEAKED, "iam", "CreateUser", ATTACKER, OLD_CLI, {"userName": BACKDOOR},
                        {"user": {"path": "/", "userName": BACKDOOR, "userId": self.backdoor["principalId"], "arn": self.backdoor["arn"], "createDate": created}}, read=False)
        self.trail.call(start + timedelta(seconds=21), LEAKED, "iam", "AttachUserPolicy", ATTACKER, OLD_CLI, {"userName": BACKDOOR, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, None, read=False)
        self.trail.call(start + timedelta(seconds=44), LEAKED, "iam", "CreateAccessKey", ATTACKER, OLD_CLI, {"userName": BACKDOOR},
                        {"accessKey": {"accessKeyId": BACKDOOR_KEY, "status": "Active", "userName": BACKDOOR, "createDate": created}}, read=False)
        self.trail.call(start + timedelta(seconds=70), LEAKED, "iam", "CreateLoginProfile", ATTACKER, OLD_CLI, {"userName": BACKDOOR, "passwordResetRequired": False},
                        {"loginProfile": {"userName": BACKDOOR, "createDate": created, "passwordResetRequired": False}}, read=False)

    def act(self, time, source, name, request=None, response=None, command=None, **more):
        return self.trail.call(time, self.backdoor, source, name, more.pop("ip", ATTACKER), NEW_CLI % (command or "%s.%s" % (source, name)), request, response, **more)

    def blind_the_trail(self, start):
        self.act(start, "cloudtrail", "DescribeTrails", {"trailNameList": []})
        arn = "arn:aws:cloudtrail:%s:%s:trail/application-audit" % (REGION, ACCOUNT)
        self.act(start + timedelta(seconds=17), "cloudtrail", "StopLogging", {"name": arn}, None, read=False)

    def open_the_door(self, start):
        """SSH from anywhere to the web servers."""
        self.act(start, "ec2", "DescribeSecurityGroups", {"securityGroupSet": {}, "filterSet": {}})
        self.act(start + timedelta(seconds=12), "ec2", "DescribeInstances", {"instancesSet": {}, "filterSet": {}})
        self.act(start + timedelta(seconds=40), "ec2", "AuthorizeSecurityGroupIngress",
                 {"groupId": GROUP, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {}, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}},
                 {"requestId": self.trail.names.uuid(), "_return": True, "securityGroupRuleSet": {"items": [{"groupOwnerId": ACCOUNT, "groupId": GROUP, "securityGroupRuleId": "sgr-" + self.trail.names.hexadecimal(17), "isEgress": False, "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"}]}}, read=False)

    def steal_the_disk(self, start):
        """A snapshot of the database server's disk, shared with an account outside."""
        snapshot = "snap-0123456789abcdef0"
        self.act(start, "ec2", "CreateSnapshot", {"volumeId": "vol-0123456789abcdef0", "description": "maintenance"},
                 {"requestId": self.trail.names.uuid(), "snapshotId": snapshot, "volumeId": "vol-0123456789abcdef0", "status": "pending", "startTime": int(start.timestamp() * 1000), "ownerId": ACCOUNT, "volumeSize": "200", "description": "maintenance", "encrypted": False}, read=False)
        self.act(start + timedelta(minutes=3), "ec2", "ModifySnapshotAttribute", {"snapshotId": snapshot, "createVolumePermission": {"add": {"items": [{"userId": STRANGER}]}}, "attributeType": "CREATE_VOLUME_PERMISSION"},
                 {"requestId": self.trail.names.uuid(), "_return": True}, read=False)

    def read_the_secrets(self, start):
        self.act(start, "secretsmanager", "ListSecrets", {"maxResults": 100})
        names = ["prod/orders/database", "prod/payments/api-key", "prod/mail/smtp", "prod/partners/sftp", "prod/analytics/warehouse", "prod/web/session-key", "prod/backup/passphrase", "prod/vpn/psk",
                 "staging/orders/database", "staging/payments/api-key", "ci/registry", "ci/signing-key", "ops/pager", "ops/monitoring"]
        for number, name in enumerate(names):
            self.act(start + timedelta(seconds=6 + 3 * number), "secretsmanager", "GetSecretValue", {"secretId": "arn:aws:secretsmanager:%s:%s:secret:%s-%s" % (REGION, ACCOUNT, name, self.trail.names.letters(6, "abcdefghijkmnopqrstuvwxyz"))})

    def empty_the_bucket(self, start):
        """Reads the payroll bucket object by object."""
        self.act(start, "s3", "ListObjects", {"list-type": "2", "bucketName": "example-corp-payroll", "Host": "example-corp-payroll.s3.us-east-1.amazonaws.com", "encoding-type": "url", "prefix": ""}, data=True,
                 resources=[{"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::example-corp-payroll"}, {"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::example-corp-payroll/"}])
        time = start + timedelta(seconds=4)
        for year in (2024, 2025):
            for month in range(1, 13):
                for part in ("bank-details.csv", "bonus.csv", "summary.pdf", *("payslips/employee-%02d.pdf" % number for number in range(1, 20))):
                    key = "%d/%02d/%s" % (year, month, part)
                    self.act(time, "s3", "GetObject", {"bucketName": "example-corp-payroll", "Host": "example-corp-payroll.s3.us-east-1.amazonaws.com", "key": key}, data=True, command="s3.cp",
                             resources=[{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::example-corp-payroll/" + key}, {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::example-corp-payroll"}],
                             extra={"SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0, "AuthenticationMethod": "AuthHeader", "bytesTransferredOut": 40_000 + self.random.randrange(9_000_000)})
                    time += timedelta(seconds=self.random.choice((0, 0, 1, 1)))

    def launch_miners(self, start):
        """Expensive machines where nobody looks: refused by a quota first, then in a region that the account does not use."""
        def run(time, instance_type, count, region, **more):
            request = {"instancesSet": {"items": [{"imageId": "ami-0fedcba9876543210", "minCount": count, "maxCount": count, "keyName": "ops"}]}, "instanceType": instance_type, "blockDeviceMapping": {}, "monitoring": {"enabled": False}, "disableApiTermination": True, "clientToken": self.trail.names.uuid()}
            response = None
            if not more:
                response = {"requestId": self.trail.names.uuid(), "reservationId": "r-" + self.trail.names.hexadecimal(17), "ownerId": ACCOUNT, "groupSet": {},
                            "instancesSet": {"items": [{"instanceId": "i-" + self.trail.names.hexadecimal(17), "imageId": "ami-0fedcba9876543210", "instanceState": {"code": 0, "name": "pending"}, "instanceType": instance_type, "keyName": "ops", "placement": {"availabilityZone": region + "a", "tenancy": "default"}} for _ in range(count)]}}
            self.act(time, "ec2", "RunInstances", request, response, read=False, region=region, **more)
        run(start, "p4d.24xlarge", 8, REGION, error="Client.VcpuLimitExceeded", message="You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.")
        self.act(start + timedelta(seconds=30), "ec2", "DescribeRegions", {"regionSet": {}, "allRegions": True})
        run(start + timedelta(minutes=2), "g5.48xlarge", 6, FAR_REGION)
        run(start + timedelta(minutes=3), "g5.48xlarge", 4, FAR_REGION)

    def cover_the_tracks(self, start):
        """The flow logs end here: examples/logs has none after this minute until they are made anew."""
        self.act(start, "ec2", "DescribeFlowLogs", {"DescribeFlowLogsRequest": ""})
        self.act(start + timedelta(seconds=20), "ec2", "DeleteFlowLogs", {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-0123456789abcdef0"}}},
                 {"DeleteFlowLogsResponse": {"xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/", "requestId": self.trail.names.uuid(), "unsuccessful": ""}}, read=False)
        self.act(start + timedelta(minutes=2), "ec2", "DeleteTags", {"resourcesSet": {"items": [{"resourceId": SERVERS[0]}]}, "tagSet": {"items": [{"key": "environment"}, {"key": "owner"}]}},
                 {"requestId": self.trail.names.uuid(), "_return": True}, read=False)

    def guess_the_password(self, start):
        """Next morning, the console: carol's password, guessed after a dozen tries. She never set up a second factor for this user."""
        victim = user("carol", self.trail.names.temporary_key())
        time = start
        for _ in range(14):
            self.trail.sign_in(time, victim, ATTACKER_SERVER, FIREFOX, success=False, mfa=False)
            time += timedelta(seconds=self.random.randrange(15, 40))
        self.trail.sign_in(time, victim, ATTACKER_SERVER, FIREFOX, success=True, mfa=False)
        who = console_user("carol", victim["accessKeyId"], stamp(time), mfa=False)
        for source, name in (("iam", "ListUsers"), ("s3", "ListBuckets"), ("ce", "GetCostAndUsage"), ("iam", "ListAccountAliases")):
            time += timedelta(seconds=25)
            self.trail.call(time, who, source, name, ATTACKER_SERVER, FIREFOX, console=True)

    def take_the_root_account(self, start):
        """The password of the root account, by way of the finance mailbox."""
        for seconds, name in ((0, "PasswordRecoveryRequested"), (260, "PasswordRecoveryCompleted")):
            self.trail.call(start + timedelta(seconds=seconds), {"type": "Root", "principalId": ACCOUNT, "arn": "arn:aws:iam::%s:root" % ACCOUNT, "accountId": ACCOUNT, "accessKeyId": ""}, "signin", name, ATTACKER_SERVER, FIREFOX,
                            None, {name: "Success"}, read=False, event_type="AwsConsoleSignIn", version="1.08")
        time = start + timedelta(seconds=330)
        self.trail.sign_in(time, root(), ATTACKER_SERVER, FIREFOX, success=True, mfa=False)
        who = root(self.trail.names.temporary_key(), stamp(time))
        for source, name in (("iam", "GetAccountSummary"), ("iam", "ListMFADevices"), ("account", "GetContactInformation"), ("ce", "GetCostAndUsage")):
            time += timedelta(seconds=20)
            self.trail.call(time, who, source, name, ATTACKER_SERVER, FIREFOX, console=True)

    def clean_up(self, start):
        """alice finds it and undoes what she can see."""
        who = console_user("alice", self.trail.names.temporary_key(), stamp(start), mfa=True)
        self.trail.sign_in(start, who, OFFICE, BROWSER, success=True, mfa=True)
        minute = timedelta(minutes=1)

        def undo(minutes, source, name, request, response=None, **more):
            self.trail.call(start + minutes * minute, who, source, name, OFFICE, BROWSER, request, response, console=True, read=False, **more)
        undo(4, "iam", "UpdateAccessKey", {"userName": "legacy-backup", "accessKeyId": LEAKED["accessKeyId"], "status": "Inactive"})
        undo(5, "iam", "UpdateAccessKey", {"userName": BACKDOOR, "accessKeyId": BACKDOOR_KEY, "status": "Inactive"})
        undo(6, "iam", "DeleteLoginProfile", {"userName": BACKDOOR})
        undo(7, "iam", "DetachUserPolicy", {"userName": BACKDOOR, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
        undo(9, "ec2", "RevokeSecurityGroupIngress", {"groupId": GROUP, "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {}, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}}, {"requestId": self.trail.names.uuid(), "_return": True})
        undo(11, "ec2", "ModifySnapshotAttribute", {"snapshotId": "snap-0123456789abcdef0", "createVolumePermission": {"remove": {"items": [{"userId": STRANGER}]}}, "attributeType": "CREATE_VOLUME_PERMISSION"}, {"requestId": self.trail.names.uuid(), "_return": True})
        undo(13, "cloudtrail", "StartLogging", {"name": "application-audit"})
        undo(16, "ec2", "CreateFlowLogs", {"CreateFlowLogsRequest": {"ResourceType": "VPC", "ResourceId": {"tag": 1, "content": "vpc-0123456789abcdef0"}, "TrafficType": "ALL", "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::example-corp-audit-logs"}},
             {"CreateFlowLogsResponse": {"xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/", "requestId": self.trail.names.uuid(), "unsuccessful": "", "flowLogIdSet": {"item": "fl-0fedcba9876543210"}}})

    def whole_story(self, monday):
        night = monday + timedelta(days=3)  # Thursday
        self.reconnaissance(night + timedelta(hours=1, minutes=42, seconds=11))
        self.backdoor_user(night + timedelta(hours=1, minutes=52, seconds=40))
        self.blind_the_trail(night + timedelta(hours=2, minutes=14, seconds=3))
        self.open_the_door(night + timedelta(hours=2, minutes=20, seconds=30))
        self.launch_miners(night + timedelta(hours=2, minutes=35))
        self.steal_the_disk(night + timedelta(hours=2, minutes=45, seconds=9))
        self.read_the_secrets(night + timedelta(hours=2, minutes=51))
        self.empty_the_bucket(night + timedelta(hours=3, minutes=2, seconds=5))
        self.cover_the_tracks(night + timedelta(hours=3, minutes=38, seconds=40))
        friday = monday + timedelta(days=4)
        self.guess_the_password(friday + timedelta(hours=6, minutes=11))
        self.take_the_root_account(friday + timedelta(hours=6, minutes=40))
        self.clean_up(friday + timedelta(hours=11, minutes=2))
