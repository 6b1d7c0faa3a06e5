/** Queries of the kinds that Sentinel's identity content has: what they cost to parse, bind and translate. */
export const TYPICAL_QUERIES: readonly string[] = [
  'SigninLogs | take 10',
  'SigninLogs | where ResultType == 0 | count',
  'SigninLogs | where ResultType != "0" | summarize count() by ResultType, ResultDescription',
  'SigninLogs | where TimeGenerated > ago(1d) | project TimeGenerated, UserPrincipalName, IPAddress, Location',
  'SigninLogs | where ResultType in ("50126", "50053") | summarize Users = dcount(UserPrincipalName) by IPAddress | where Users > 10',
  'SigninLogs | summarize arg_max(TimeGenerated, *) by UserPrincipalName',
  'SigninLogs | where UserAgent has_any ("python", "curl", "axios") | summarize make_set(UserAgent, 10) by UserPrincipalName',
  'SigninLogs | extend City = tostring(LocationDetails.city), State = tostring(LocationDetails.state) | summarize count() by City, State',
  'SigninLogs | extend Os = tostring(DeviceDetail.operatingSystem) | where isnotempty(Os) | summarize dcount(DeviceDetail) by Os',
  'SigninLogs | mv-expand Policy = todynamic(ConditionalAccessPolicies) | where Policy.result == "failure" | summarize count() by tostring(Policy.displayName)',
  'SigninLogs | where TimeGenerated between (ago(14d) .. ago(1d)) | summarize by UserPrincipalName, Location',
  'let known = SigninLogs | where TimeGenerated < ago(1d) | distinct UserPrincipalName, Location; SigninLogs | where TimeGenerated > ago(1d) | join kind=leftanti known on UserPrincipalName, Location',
  'let bad = dynamic(["50053", "50126"]); SigninLogs | where ResultType in (bad) | summarize Tries = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by UserPrincipalName, IPAddress',
  'SigninLogs | make-series Total = count() default = 0 on TimeGenerated from ago(14d) to now() step 1d by AppDisplayName',
  'SigninLogs | sort by UserPrincipalName asc, TimeGenerated asc | extend Before = prev(Location), Same = prev(UserPrincipalName) == UserPrincipalName | where Same and Before != Location',
  'SigninLogs | where RiskLevelDuringSignIn in~ ("high", "medium") | project-away AADTenantId, Type',
  'SigninLogs | extend Domain = tostring(split(UserPrincipalName, "@")[1]) | summarize count() by Domain | top 10 by count_',
  'SigninLogs | parse UserAgent with Product "/" Version " " * | summarize count() by Product, Version',
  'SigninLogs | extend Step = parse_json(AuthenticationDetails)[0] | where tostring(Step.succeeded) =~ "false" | summarize count() by tostring(Step.authenticationMethod)',
  'SigninLogs | where ipv4_is_private(IPAddress) | summarize count() by IPAddress',
  'SigninLogs | where ipv4_is_in_range(IPAddress, "10.0.0.0/8") or IPAddress startswith "192.168." | count',
  'SigninLogs | summarize Good = countif(ResultType == "0"), Bad = countif(ResultType != "0") by bin(TimeGenerated, 1h) | extend Share = todouble(Bad) / (Good + Bad)',
  'union isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs | summarize count() by Type',
  'AuditLogs | where OperationName has "security info" | extend Who = tostring(InitiatedBy.user.userPrincipalName) | summarize count() by Who, OperationName',
  'AuditLogs | mv-expand TargetResources | extend Target = tostring(TargetResources.userPrincipalName) | project TimeGenerated, OperationName, Target',
  'AuditLogs | mv-apply Resource = TargetResources on (where Resource.type =~ "User" | extend Target = tostring(Resource.userPrincipalName)) | project TimeGenerated, Target',
  'AuditLogs | where Category == "RoleManagement" and Result == "success" | extend Role = tostring(TargetResources[0].displayName) | summarize make_list(Role) by bin(TimeGenerated, 1d)',
  'AuditLogs | where OperationName in~ ("Update user", "Reset password (by admin)") | project TimeGenerated, OperationName, CorrelationId',
  'let Registrations = AuditLogs | where OperationName == "User registered security info" | extend User = tostring(TargetResources[0].userPrincipalName); SigninLogs | where ResultType == "0" | join kind=inner Registrations on $left.UserPrincipalName == $right.User | where TimeGenerated1 between (TimeGenerated .. TimeGenerated + 1h)',
  'let window = 1h; let limit = 5; SigninLogs | where ResultType == "50126" | summarize Fails = count() by UserPrincipalName, bin(TimeGenerated, window) | where Fails > limit',
  'let f = (name:string) { table(name) | where TimeGenerated > ago(1d) | summarize Rows = count() by Type }; union isfuzzy=true f("SigninLogs"), f("AuditLogs")',
  'SigninLogs | extend Hour = hourofday(TimeGenerated), Day = dayofweek(TimeGenerated) | where Hour < 6 or Day == 0d | summarize count() by UserPrincipalName',
  'SigninLogs | where UserPrincipalName matches regex @"^svc-[a-z]+@" | summarize dcount(IPAddress) by UserPrincipalName',
  'SigninLogs | extend Asn = extract(@"(\\d+)", 1, AutonomousSystemNumber) | where isnotempty(Asn) | summarize dcount(UserPrincipalName) by Asn',
  'SigninLogs | summarize Places = make_set(Location), First = min(TimeGenerated) by UserPrincipalName | where array_length(Places) > 2',
  'SigninLogs | where AppDisplayName in (toscalar(SigninLogs | summarize make_set(AppDisplayName))) | count',
  'SigninLogs | summarize percentiles(CreatedDateTime - TimeGenerated, 50, 95) by AppDisplayName',
  'SigninLogs | extend Account = iff(UserPrincipalName has "#ext#", "guest", "member"), Level = case(RiskLevelDuringSignIn == "high", 3, RiskLevelDuringSignIn == "medium", 2, 1) | summarize max(Level) by Account',
  'SigninLogs | serialize | extend Row = row_number(), Sum = row_cumsum(iff(ResultType == "0", 0, 1)) | where Row % 100 == 0 | project Row, Sum',
  'SigninLogs | project TimeGenerated, UserPrincipalName, Detail = bag_pack("ip", IPAddress, "place", Location) | evaluate bag_unpack(Detail) : (TimeGenerated: datetime, UserPrincipalName: string, ip: string, place: string)',
];

/** A query beside the best SQL for the same answer; `{Name}` is the physical column. */
export interface Pair {
  readonly name: string;
  readonly kql: string;
  readonly sql: (ago: (days: number) => string) => string;
}

export const PAIRS: readonly Pair[] = [
  {
    name: 'failures by hour',
    kql: 'SigninLogs | where TimeGenerated > ago(7d) | where ResultType != "0" | summarize Failures = count() by bin(TimeGenerated, 1h), ResultType',
    sql: (ago) =>
      `SELECT {TimeGenerated} - {TimeGenerated} % 36000000000, {ResultType}, count(*) FROM t WHERE {TimeGenerated} > ${ago(7)} AND {ResultType} <> '0' GROUP BY ALL`,
  },
  {
    name: 'password spray',
    kql: 'SigninLogs | where ResultType in ("50126", "50053") | summarize Users = dcount(UserPrincipalName), Tries = count() by IPAddress | where Users >= 20',
    sql: () =>
      `SELECT {IPAddress}, count(DISTINCT {UserPrincipalName}) AS users, count(*) FROM t WHERE {ResultType} IN ('50126', '50053') GROUP BY 1 HAVING users >= 20`,
  },
  {
    name: 'success after failures',
    kql: 'let Failed = SigninLogs | where ResultType == "50126" | summarize Failures = count() by UserPrincipalName | where Failures > 8; SigninLogs | where ResultType == 0 | join kind=inner Failed on UserPrincipalName | summarize Ok = count() by UserPrincipalName, Failures',
    sql: () =>
      `SELECT u, f, count(*) FROM (SELECT {UserPrincipalName} AS u FROM t WHERE {ResultType} = '0') JOIN (SELECT {UserPrincipalName} AS v, count(*) AS f FROM t WHERE {ResultType} = '50126' GROUP BY 1 HAVING f > 8) ON u = v GROUP BY ALL`,
  },
  {
    name: 'rare countries of users',
    kql: 'SigninLogs | summarize count(), min(TimeGenerated), max(TimeGenerated) by UserPrincipalName, Location | where count_ < 2',
    sql: () =>
      `SELECT {UserPrincipalName}, {Location}, count(*) AS n, min({TimeGenerated}), max({TimeGenerated}) FROM t GROUP BY 1, 2 HAVING n < 2`,
  },
  {
    name: 'latest sign-in of a user',
    kql: 'SigninLogs | summarize arg_max(TimeGenerated, IPAddress, Location) by UserPrincipalName',
    sql: () =>
      `SELECT u, x.a, coalesce(x.b, ''), coalesce(x.c, '') FROM (SELECT {UserPrincipalName} AS u, arg_max_nulls_last({a: {TimeGenerated}, b: {IPAddress}, c: {Location}}, {TimeGenerated}) AS x FROM t GROUP BY 1)`,
  },
  {
    name: 'scripted clients',
    kql: 'SigninLogs | where UserAgent has "python" | summarize count() by AppDisplayName',
    sql: () =>
      `SELECT {AppDisplayName}, count(*) FROM t WHERE CASE WHEN contains(lower({UserAgent}), 'python') THEN regexp_matches(lower({UserAgent}), '(?:^|[^\\p{L}\\p{N}])python(?:$|[^\\p{L}\\p{N}])') ELSE false END GROUP BY 1`,
  },
  {
    name: 'users of a city',
    kql: 'SigninLogs | where TimeGenerated > ago(30d) | extend City = tostring(LocationDetails.city) | summarize dcount(UserPrincipalName) by City',
    sql: (ago) =>
      `SELECT coalesce(json_extract_string({LocationDetails}, '$.city'), '') AS city, count(DISTINCT {UserPrincipalName}) FROM t WHERE {TimeGenerated} > ${ago(30)} GROUP BY 1`,
  },
  {
    name: 'newest successes',
    kql: 'SigninLogs | where ResultType == "0" | top 100 by TimeGenerated desc | project TimeGenerated, UserPrincipalName, IPAddress, Location',
    sql: () =>
      `SELECT {TimeGenerated}, {UserPrincipalName}, {IPAddress}, {Location} FROM t WHERE {ResultType} = '0' ORDER BY {TimeGenerated} DESC NULLS LAST LIMIT 100`,
  },
  {
    name: 'addresses of users',
    kql: 'SigninLogs | where TimeGenerated > ago(30d) | summarize Addresses = make_set(IPAddress) by UserPrincipalName | project UserPrincipalName, Count = array_length(Addresses)',
    sql: (ago) => `SELECT {UserPrincipalName}, len(list(DISTINCT {IPAddress})) FROM t WHERE {TimeGenerated} > ${ago(30)} GROUP BY 1`,
  },
  {
    name: 'first from an address',
    kql: 'let Known = SigninLogs | where TimeGenerated between (ago(30d) .. ago(1d)) | distinct UserPrincipalName, IPAddress; SigninLogs | where TimeGenerated > ago(1d) | join kind=leftanti Known on UserPrincipalName, IPAddress | summarize count() by UserPrincipalName',
    sql: (ago) =>
      `SELECT u, count(*) FROM (SELECT {UserPrincipalName} AS u, {IPAddress} AS i FROM t WHERE {TimeGenerated} > ${ago(1)}) ANTI JOIN (SELECT {UserPrincipalName} AS v, {IPAddress} AS j FROM t WHERE {TimeGenerated} BETWEEN ${ago(30)} AND ${ago(1)}) ON u = v AND i = j GROUP BY 1`,
  },
];
