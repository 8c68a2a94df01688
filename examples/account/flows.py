"""VPC flow logs of two servers: ordinary traffic, a scan from outside, and what came of the open port."""
from datetime import timedelta

from account.records import ACCOUNT, ATTACKER, ATTACKER_SERVER

HEADER = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
WEB, DATABASE = "eni-0a1b2c3d4e5f60718", "eni-0fedcba9876543210"
WEB_ADDRESS, DATABASE_ADDRESS = "10.20.1.15", "10.20.2.30"
TCP = 6


class Flows:
    def __init__(self, seed_random):
        self.random = seed_random
        self.lines = []  # (end of the interval, line)

    def flow(self, time, interface, source, target, source_port, target_port, packets, size, action="ACCEPT", seconds=60, protocol=TCP):
        start = int(time.timestamp())
        self.lines.append((time + timedelta(seconds=seconds), "2 %s %s %s %s %d %d %d %d %d %d %d %s OK" % (
            ACCOUNT, interface, source, target, source_port, target_port, protocol, packets, size, start, start + seconds, action)))

    def silent(self, time, interface):
        start = int(time.timestamp())
        self.lines.append((time + timedelta(seconds=60), "2 %s %s - - - - - - - %d %d - NODATA" % (ACCOUNT, interface, start, start + 60)))

    def ordinary(self, start, end):
        minute = start
        while minute < end:
            for _ in range(self.random.choice((1, 2, 2))):
                client, port = "198.51.100.%d" % self.random.randrange(60, 250), self.random.randrange(20000, 65000)
                packets = self.random.randrange(8, 60)
                self.flow(minute, WEB, client, WEB_ADDRESS, port, 443, packets, packets * 90)
                self.flow(minute, WEB, WEB_ADDRESS, client, 443, port, packets, packets * 800)
            port = self.random.randrange(32768, 60999)
            self.flow(minute, DATABASE, WEB_ADDRESS, DATABASE_ADDRESS, port, 5432, 20, 3100)
            if self.random.random() < 0.1:
                self.flow(minute, WEB, "192.0.2.%d" % self.random.randrange(100, 250), WEB_ADDRESS, self.random.randrange(30000, 65000), self.random.choice((23, 8080, 445, 3389)), 1, 40, "REJECT")
            if self.random.random() < 0.05:
                self.silent(minute, DATABASE)
            minute += timedelta(minutes=6)

    def attack(self, night):
        scan = night + timedelta(hours=2, minutes=16)
        for number, port in enumerate((21, 22, 23, 25, 80, 110, 111, 135, 139, 143, 389, 445, 993, 995, 1433, 1521, 1723, 2049, 2375, 3000, 3306, 3389, 4444, 5000, 5432, 5601, 5900, 5985, 6379, 6443, 7001, 8000, 8008, 8080, 8443, 8888, 9000, 9090, 9200, 11211, 27017,
                                      26, 53, 79, 81, 88, 106, 113, 119, 144, 179, 199, 427, 444, 465, 513, 514, 543, 548, 554, 587, 631, 646, 873, 990)):
            self.flow(scan + timedelta(seconds=3 * number), WEB, ATTACKER, WEB_ADDRESS, 40000 + number, port, 1, 44, "REJECT", seconds=30)
        login = night + timedelta(hours=2, minutes=22, seconds=10)
        self.flow(login, WEB, ATTACKER_SERVER, WEB_ADDRESS, 51514, 22, 310, 48_210)
        self.flow(login, WEB, WEB_ADDRESS, ATTACKER_SERVER, 22, 51514, 290, 91_700)
        for number in range(12):  # 2.4 GB in an hour.
            time = night + timedelta(hours=2, minutes=30 + 5 * number)
            self.flow(time, WEB, WEB_ADDRESS, ATTACKER_SERVER, 43210, 443, 143_000, 204_800_000, seconds=300)
            self.flow(time, WEB, ATTACKER_SERVER, WEB_ADDRESS, 443, 43210, 71_000, 3_700_000, seconds=300)
