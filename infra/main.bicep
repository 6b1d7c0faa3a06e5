// Made by `factorwatch infra` from the table specifications; changes here are lost.
targetScope = 'resourceGroup'

@description('Name of the Log Analytics workspace, which is in this resource group.')
param workspaceName string

@description('Name of the storage account for the state: 3 to 24 lower-case letters and digits, unique in Azure.')
param storageName string

@description('Container image of Factorwatch, with its tag or digest.')
param image string

@description('Server of a registry that the identity may pull from (it needs AcrPull there); empty for a public image.')
param registry string = ''

@description('When to run: five fields, UTC.')
param schedule string = '*/15 * * * *'

@description('Region; that of the resource group, which must be the workspace\'s.')
param location string = resourceGroup().location

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-factorwatch'
  location: location
}

resource tableFactorFindings 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {
  parent: workspace
  name: 'FactorFindings_CL'
  properties: {
    plan: 'Analytics'
    schema: {
      name: 'FactorFindings_CL'
      columns: [
        {
          name: 'TimeGenerated'
          type: 'dateTime'
          description: 'When the row was written.'
        }
        {
          name: 'EventStartTime'
          type: 'dateTime'
          description: 'First of the suspicious events.'
        }
        {
          name: 'EventEndTime'
          type: 'dateTime'
          description: 'Last of the suspicious events.'
        }
        {
          name: 'EventUid'
          type: 'string'
          description: 'Identity of the finding over all its revisions: hex SHA-256 of scope, unit kind, subject and anchor.'
        }
        {
          name: 'FindingRevision'
          type: 'int'
          description: '1 when the finding is created, higher with each change.'
        }
        {
          name: 'EventSubType'
          type: 'string'
          description: 'Kind of alert by its unit, in ASIM words, e.g. Suspicious Activity.'
        }
        {
          name: 'EventSeverity'
          type: 'string'
          description: 'High, Medium or Low; follows ThreatRiskLevel alone.'
        }
        {
          name: 'EventMessage'
          type: 'string'
          description: 'The finding in one sentence.'
        }
        {
          name: 'EventReportUrl'
          type: 'string'
          description: 'Link to the page of the finding, where there is one.'
        }
        {
          name: 'EventOriginalUid'
          type: 'string'
          description: 'Id of the AuditLogs row where one registration is meant.'
        }
        {
          name: 'EventProductVersion'
          type: 'string'
          description: 'Version of Factorwatch that wrote the row.'
        }
        {
          name: 'EventCount'
          type: 'int'
          description: 'Number of suspicious events.'
        }
        {
          name: 'AlertName'
          type: 'string'
          description: 'The strongest detector.'
        }
        {
          name: 'AlertStatus'
          type: 'string'
          description: 'Active or Closed.'
        }
        {
          name: 'AlertVerdict'
          type: 'string'
          description: 'What an analyst decided, or Unknown.'
        }
        {
          name: 'DetectionMethod'
          type: 'string'
          description: 'How it was found, in ASIM words.'
        }
        {
          name: 'RuleId'
          type: 'string'
          description: 'Unit kind of the finding; stays over all revisions.'
        }
        {
          name: 'RuleName'
          type: 'string'
          description: 'Readable name of the unit kind.'
        }
        {
          name: 'RuleVersion'
          type: 'string'
          description: 'Version of the scoring that judged it.'
        }
        {
          name: 'ThreatCategory'
          type: 'string'
          description: 'Kind of threat, in ASIM words.'
        }
        {
          name: 'ThreatRiskLevel'
          type: 'int'
          description: '0 to 100, the fixed map of the odds.'
        }
        {
          name: 'ThreatConfidence'
          type: 'int'
          description: 'Posterior probability in per cent.'
        }
        {
          name: 'AttackTactics'
          type: 'string'
          description: 'ATT&CK tactics, separated by commas.'
        }
        {
          name: 'AttackTechniques'
          type: 'string'
          description: 'ATT&CK technique ids, separated by commas.'
        }
        {
          name: 'AttackVersion'
          type: 'string'
          description: 'Version of ATT&CK that these ids are from.'
        }
        {
          name: 'AttackRemediationSteps'
          type: 'string'
          description: 'What to do, in words.'
        }
        {
          name: 'IndicatorType'
          type: 'string'
          description: 'Type of the indicator, e.g. Ip.'
        }
        {
          name: 'IndicatorAssociation'
          type: 'string'
          description: 'Associated where the indicator belongs to the threat.'
        }
        {
          name: 'UserId'
          type: 'string'
          description: 'Entra object id of the user; empty where several are meant.'
        }
        {
          name: 'Username'
          type: 'string'
          description: 'User principal name; empty where several are meant.'
        }
        {
          name: 'UserType'
          type: 'string'
          description: 'Member, Guest or empty.'
        }
        {
          name: 'UserSessionId'
          type: 'string'
          description: 'Session the events belong to.'
        }
        {
          name: 'UserScopeId'
          type: 'string'
          description: 'Entra tenant id.'
        }
        {
          name: 'ActorUserId'
          type: 'string'
          description: 'Object id of whoever acted.'
        }
        {
          name: 'ActorUsername'
          type: 'string'
          description: 'User principal name or app of whoever acted.'
        }
        {
          name: 'SrcIpAddr'
          type: 'string'
          description: 'Source address of the strongest event.'
        }
        {
          name: 'SrcGeoCountry'
          type: 'string'
          description: 'Country of that address; empty where no event shows it.'
        }
        {
          name: 'SrcGeoCity'
          type: 'string'
          description: 'City of that address.'
        }
        {
          name: 'SrcDvcId'
          type: 'string'
          description: 'Device id of the strongest event.'
        }
        {
          name: 'TargetAppName'
          type: 'string'
          description: 'Application that was signed in to.'
        }
        {
          name: 'Evidence'
          type: 'dynamic'
          description: 'Up to 10 pieces of evidence, for and against, with their counts.'
        }
        {
          name: 'AdditionalFields'
          type: 'dynamic'
          description: 'Detectors, EventIds, Users and enrichment.'
        }
        {
          name: 'RunKind'
          type: 'string'
          description: 'Live or Backfill.'
        }
        {
          name: 'RunId'
          type: 'string'
          description: 'The run that wrote the row.'
        }
      ]
    }
  }
}

resource tableFactorRules 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {
  parent: workspace
  name: 'FactorRules_CL'
  properties: {
    plan: 'Analytics'
    schema: {
      name: 'FactorRules_CL'
      columns: [
        {
          name: 'TimeGenerated'
          type: 'dateTime'
          description: 'When the row was written.'
        }
        {
          name: 'RuleId'
          type: 'string'
          description: 'Stable id of the rule or detector.'
        }
        {
          name: 'RuleName'
          type: 'string'
          description: 'Short name.'
        }
        {
          name: 'RuleVersion'
          type: 'string'
          description: 'Version of the rule.'
        }
        {
          name: 'RuleKind'
          type: 'string'
          description: 'Detector, Scheduled or NRT.'
        }
        {
          name: 'DisplayText'
          type: 'string'
          description: 'Name that analysts see.'
        }
        {
          name: 'RuleDescription'
          type: 'string'
          description: 'What it finds and what it cannot see.'
        }
        {
          name: 'Severity'
          type: 'string'
          description: 'Severity of its alerts.'
        }
        {
          name: 'Enabled'
          type: 'boolean'
          description: 'Whether it is in force.'
        }
        {
          name: 'Lifecycle'
          type: 'string'
          description: 'Experimental, Preview, Stable or Deprecated.'
        }
        {
          name: 'DetectorType'
          type: 'string'
          description: 'Kind of detector.'
        }
        {
          name: 'PartitionKey'
          type: 'string'
          description: 'What its state is kept by: user, ip, app or tenant.'
        }
        {
          name: 'QueryHash'
          type: 'string'
          description: 'SHA-256 of the query text.'
        }
        {
          name: 'QueryFrequency'
          type: 'string'
          description: 'How often it runs, ISO 8601 duration.'
        }
        {
          name: 'QueryPeriod'
          type: 'string'
          description: 'How far it looks back, ISO 8601 duration.'
        }
        {
          name: 'TriggerOperator'
          type: 'string'
          description: 'Comparison of the number of results.'
        }
        {
          name: 'TriggerThreshold'
          type: 'int'
          description: 'Number it is compared with.'
        }
        {
          name: 'AttackTactics'
          type: 'string'
          description: 'ATT&CK tactics, separated by commas.'
        }
        {
          name: 'AttackTechniques'
          type: 'string'
          description: 'ATT&CK technique ids, separated by commas.'
        }
        {
          name: 'AttackVersion'
          type: 'string'
          description: 'Version of ATT&CK that these ids are from.'
        }
        {
          name: 'SourceTables'
          type: 'dynamic'
          description: 'Tables that it reads.'
        }
        {
          name: 'EntityMappings'
          type: 'dynamic'
          description: 'Entities of its alerts, as Sentinel spells them.'
        }
        {
          name: 'CustomDetails'
          type: 'dynamic'
          description: 'Columns shown with its alerts.'
        }
        {
          name: 'Grouping'
          type: 'dynamic'
          description: 'How alerts become incidents.'
        }
        {
          name: 'Parameters'
          type: 'dynamic'
          description: 'Parameters of a detector.'
        }
        {
          name: 'TestsTotal'
          type: 'int'
          description: 'Number of its tests.'
        }
        {
          name: 'TestsPassed'
          type: 'int'
          description: 'Number of its tests that passed.'
        }
        {
          name: 'SourceCommit'
          type: 'string'
          description: 'Commit that it was deployed from.'
        }
        {
          name: 'Query'
          type: 'string'
          description: 'The KQL of a rule.'
        }
        {
          name: 'RowKind'
          type: 'string'
          description: 'Snapshot or Override.'
        }
        {
          name: 'ExpiresAt'
          type: 'dateTime'
          description: 'When an override ends; null = never.'
        }
        {
          name: 'ChangedBy'
          type: 'string'
          description: 'Who wrote an override.'
        }
        {
          name: 'Reason'
          type: 'string'
          description: 'Why an override was written.'
        }
      ]
    }
  }
}

resource tableFactorRuns 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = {
  parent: workspace
  name: 'FactorRuns_CL'
  properties: {
    plan: 'Analytics'
    schema: {
      name: 'FactorRuns_CL'
      columns: [
        {
          name: 'TimeGenerated'
          type: 'dateTime'
          description: 'When the row was written.'
        }
        {
          name: 'OperationName'
          type: 'string'
          description: 'Pipeline run, Query fetch, Detector run, Ingestion, Response step, Verdict, Rule change or Finding users.'
        }
        {
          name: 'ResourceName'
          type: 'string'
          description: 'Pipeline, query, detector or stream that is meant.'
        }
        {
          name: 'ResourceKind'
          type: 'string'
          description: 'Kind of that resource.'
        }
        {
          name: 'Status'
          type: 'string'
          description: 'Success, Partial success, Failure or Informational.'
        }
        {
          name: 'Reason'
          type: 'string'
          description: 'Short code of the reason.'
        }
        {
          name: 'Description'
          type: 'string'
          description: 'What happened, in words.'
        }
        {
          name: 'RunId'
          type: 'string'
          description: 'The run that wrote the row.'
        }
        {
          name: 'RunKind'
          type: 'string'
          description: 'Live or Backfill.'
        }
        {
          name: 'TriggerType'
          type: 'string'
          description: 'Manual or Schedule.'
        }
        {
          name: 'Attempt'
          type: 'int'
          description: 'Attempt of this operation, from 1.'
        }
        {
          name: 'Shard'
          type: 'int'
          description: 'Number of the shard, from 0.'
        }
        {
          name: 'ShardCount'
          type: 'int'
          description: 'Number of shards.'
        }
        {
          name: 'WindowStart'
          type: 'dateTime'
          description: 'Start of the interval of ingestion time.'
        }
        {
          name: 'WindowEnd'
          type: 'dateTime'
          description: 'Exclusive end of that interval.'
        }
        {
          name: 'WatermarkBefore'
          type: 'dateTime'
          description: 'Watermark when the run started.'
        }
        {
          name: 'WatermarkAfter'
          type: 'dateTime'
          description: 'Watermark when it ended.'
        }
        {
          name: 'IngestionLagP95Sec'
          type: 'real'
          description: '95th percentile of ingestion time less event time.'
        }
        {
          name: 'RowsRead'
          type: 'long'
          description: 'Rows read, late ones included.'
        }
        {
          name: 'RowsLate'
          type: 'long'
          description: 'Rows that arrived after the checkpoint of their ingestion time.'
        }
        {
          name: 'RowsDuplicate'
          type: 'long'
          description: 'Exact duplicates that were dropped.'
        }
        {
          name: 'FindingsCreated'
          type: 'int'
          description: 'Findings written for the first time.'
        }
        {
          name: 'FindingsUpdated'
          type: 'int'
          description: 'Findings written with a higher revision.'
        }
        {
          name: 'FindingsSuppressed'
          type: 'int'
          description: 'Findings held back by an allow list or override.'
        }
        {
          name: 'RowsSent'
          type: 'long'
          description: 'Rows uploaded.'
        }
        {
          name: 'BytesSent'
          type: 'long'
          description: 'Bytes uploaded, before compression.'
        }
        {
          name: 'SendRetries'
          type: 'int'
          description: 'Uploads that were tried again.'
        }
        {
          name: 'QueryCount'
          type: 'int'
          description: 'Queries sent.'
        }
        {
          name: 'QueryDurationMs'
          type: 'long'
          description: 'Time spent in queries.'
        }
        {
          name: 'PartialResult'
          type: 'boolean'
          description: 'Whether an answer was not whole.'
        }
        {
          name: 'DurationMs'
          type: 'long'
          description: 'Time the operation took.'
        }
        {
          name: 'PeakRssMb'
          type: 'int'
          description: 'Peak memory of the process.'
        }
        {
          name: 'HostText'
          type: 'string'
          description: 'Name of the machine.'
        }
        {
          name: 'ProductVersion'
          type: 'string'
          description: 'Version of Factorwatch.'
        }
        {
          name: 'ConfigHash'
          type: 'string'
          description: 'SHA-256 of the configuration in force.'
        }
        {
          name: 'ExtendedProperties'
          type: 'dynamic'
          description: 'Whatever belongs to this operation only.'
        }
        {
          name: 'ActorText'
          type: 'string'
          description: 'Who decided: a verdict, a rule change, a response step.'
        }
        {
          name: 'TargetText'
          type: 'string'
          description: 'What it was decided about.'
        }
      ]
    }
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: 'dcr-factorwatch'
  location: location
  kind: 'Direct'
  properties: {
    description: 'Findings, rules and runs of Factorwatch.'
    streamDeclarations: {
      'Custom-FactorFindings_CL': {
        columns: [
          {
            name: 'TimeGenerated'
            type: 'datetime'
          }
          {
            name: 'EventStartTime'
            type: 'datetime'
          }
          {
            name: 'EventEndTime'
            type: 'datetime'
          }
          {
            name: 'EventUid'
            type: 'string'
          }
          {
            name: 'FindingRevision'
            type: 'int'
          }
          {
            name: 'EventSubType'
            type: 'string'
          }
          {
            name: 'EventSeverity'
            type: 'string'
          }
          {
            name: 'EventMessage'
            type: 'string'
          }
          {
            name: 'EventReportUrl'
            type: 'string'
          }
          {
            name: 'EventOriginalUid'
            type: 'string'
          }
          {
            name: 'EventProductVersion'
            type: 'string'
          }
          {
            name: 'EventCount'
            type: 'int'
          }
          {
            name: 'AlertName'
            type: 'string'
          }
          {
            name: 'AlertStatus'
            type: 'string'
          }
          {
            name: 'AlertVerdict'
            type: 'string'
          }
          {
            name: 'DetectionMethod'
            type: 'string'
          }
          {
            name: 'RuleId'
            type: 'string'
          }
          {
            name: 'RuleName'
            type: 'string'
          }
          {
            name: 'RuleVersion'
            type: 'string'
          }
          {
            name: 'ThreatCategory'
            type: 'string'
          }
          {
            name: 'ThreatRiskLevel'
            type: 'int'
          }
          {
            name: 'ThreatConfidence'
            type: 'int'
          }
          {
            name: 'AttackTactics'
            type: 'string'
          }
          {
            name: 'AttackTechniques'
            type: 'string'
          }
          {
            name: 'AttackVersion'
            type: 'string'
          }
          {
            name: 'AttackRemediationSteps'
            type: 'string'
          }
          {
            name: 'IndicatorType'
            type: 'string'
          }
          {
            name: 'IndicatorAssociation'
            type: 'string'
          }
          {
            name: 'UserId'
            type: 'string'
          }
          {
            name: 'Username'
            type: 'string'
          }
          {
            name: 'UserType'
            type: 'string'
          }
          {
            name: 'UserSessionId'
            type: 'string'
          }
          {
            name: 'UserScopeId'
            type: 'string'
          }
          {
            name: 'ActorUserId'
            type: 'string'
          }
          {
            name: 'ActorUsername'
            type: 'string'
          }
          {
            name: 'SrcIpAddr'
            type: 'string'
          }
          {
            name: 'SrcGeoCountry'
            type: 'string'
          }
          {
            name: 'SrcGeoCity'
            type: 'string'
          }
          {
            name: 'SrcDvcId'
            type: 'string'
          }
          {
            name: 'TargetAppName'
            type: 'string'
          }
          {
            name: 'Evidence'
            type: 'dynamic'
          }
          {
            name: 'AdditionalFields'
            type: 'dynamic'
          }
          {
            name: 'RunKind'
            type: 'string'
          }
          {
            name: 'RunId'
            type: 'string'
          }
        ]
      }
      'Custom-FactorRules_CL': {
        columns: [
          {
            name: 'TimeGenerated'
            type: 'datetime'
          }
          {
            name: 'RuleId'
            type: 'string'
          }
          {
            name: 'RuleName'
            type: 'string'
          }
          {
            name: 'RuleVersion'
            type: 'string'
          }
          {
            name: 'RuleKind'
            type: 'string'
          }
          {
            name: 'DisplayText'
            type: 'string'
          }
          {
            name: 'RuleDescription'
            type: 'string'
          }
          {
            name: 'Severity'
            type: 'string'
          }
          {
            name: 'Enabled'
            type: 'boolean'
          }
          {
            name: 'Lifecycle'
            type: 'string'
          }
          {
            name: 'DetectorType'
            type: 'string'
          }
          {
            name: 'PartitionKey'
            type: 'string'
          }
          {
            name: 'QueryHash'
            type: 'string'
          }
          {
            name: 'QueryFrequency'
            type: 'string'
          }
          {
            name: 'QueryPeriod'
            type: 'string'
          }
          {
            name: 'TriggerOperator'
            type: 'string'
          }
          {
            name: 'TriggerThreshold'
            type: 'int'
          }
          {
            name: 'AttackTactics'
            type: 'string'
          }
          {
            name: 'AttackTechniques'
            type: 'string'
          }
          {
            name: 'AttackVersion'
            type: 'string'
          }
          {
            name: 'SourceTables'
            type: 'dynamic'
          }
          {
            name: 'EntityMappings'
            type: 'dynamic'
          }
          {
            name: 'CustomDetails'
            type: 'dynamic'
          }
          {
            name: 'Grouping'
            type: 'dynamic'
          }
          {
            name: 'Parameters'
            type: 'dynamic'
          }
          {
            name: 'TestsTotal'
            type: 'int'
          }
          {
            name: 'TestsPassed'
            type: 'int'
          }
          {
            name: 'SourceCommit'
            type: 'string'
          }
          {
            name: 'Query'
            type: 'string'
          }
          {
            name: 'RowKind'
            type: 'string'
          }
          {
            name: 'ExpiresAt'
            type: 'datetime'
          }
          {
            name: 'ChangedBy'
            type: 'string'
          }
          {
            name: 'Reason'
            type: 'string'
          }
        ]
      }
      'Custom-FactorRuns_CL': {
        columns: [
          {
            name: 'TimeGenerated'
            type: 'datetime'
          }
          {
            name: 'OperationName'
            type: 'string'
          }
          {
            name: 'ResourceName'
            type: 'string'
          }
          {
            name: 'ResourceKind'
            type: 'string'
          }
          {
            name: 'Status'
            type: 'string'
          }
          {
            name: 'Reason'
            type: 'string'
          }
          {
            name: 'Description'
            type: 'string'
          }
          {
            name: 'RunId'
            type: 'string'
          }
          {
            name: 'RunKind'
            type: 'string'
          }
          {
            name: 'TriggerType'
            type: 'string'
          }
          {
            name: 'Attempt'
            type: 'int'
          }
          {
            name: 'Shard'
            type: 'int'
          }
          {
            name: 'ShardCount'
            type: 'int'
          }
          {
            name: 'WindowStart'
            type: 'datetime'
          }
          {
            name: 'WindowEnd'
            type: 'datetime'
          }
          {
            name: 'WatermarkBefore'
            type: 'datetime'
          }
          {
            name: 'WatermarkAfter'
            type: 'datetime'
          }
          {
            name: 'IngestionLagP95Sec'
            type: 'real'
          }
          {
            name: 'RowsRead'
            type: 'long'
          }
          {
            name: 'RowsLate'
            type: 'long'
          }
          {
            name: 'RowsDuplicate'
            type: 'long'
          }
          {
            name: 'FindingsCreated'
            type: 'int'
          }
          {
            name: 'FindingsUpdated'
            type: 'int'
          }
          {
            name: 'FindingsSuppressed'
            type: 'int'
          }
          {
            name: 'RowsSent'
            type: 'long'
          }
          {
            name: 'BytesSent'
            type: 'long'
          }
          {
            name: 'SendRetries'
            type: 'int'
          }
          {
            name: 'QueryCount'
            type: 'int'
          }
          {
            name: 'QueryDurationMs'
            type: 'long'
          }
          {
            name: 'PartialResult'
            type: 'boolean'
          }
          {
            name: 'DurationMs'
            type: 'long'
          }
          {
            name: 'PeakRssMb'
            type: 'int'
          }
          {
            name: 'HostText'
            type: 'string'
          }
          {
            name: 'ProductVersion'
            type: 'string'
          }
          {
            name: 'ConfigHash'
            type: 'string'
          }
          {
            name: 'ExtendedProperties'
            type: 'dynamic'
          }
          {
            name: 'ActorText'
            type: 'string'
          }
          {
            name: 'TargetText'
            type: 'string'
          }
        ]
      }
    }
    destinations: {
      logAnalytics: [
        {
          workspaceResourceId: workspace.id
          name: 'workspace'
        }
      ]
    }
    dataFlows: [
      {
        streams: [
          'Custom-FactorFindings_CL'
        ]
        destinations: [
          'workspace'
        ]
        transformKql: 'source'
        outputStream: 'Custom-FactorFindings_CL'
      }
      {
        streams: [
          'Custom-FactorRules_CL'
        ]
        destinations: [
          'workspace'
        ]
        transformKql: 'source'
        outputStream: 'Custom-FactorRules_CL'
      }
      {
        streams: [
          'Custom-FactorRuns_CL'
        ]
        destinations: [
          'workspace'
        ]
        transformKql: 'source'
        outputStream: 'Custom-FactorRuns_CL'
      }
    ]
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionASimAlertEventFactorwatch 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'ASimAlertEventFactorwatch'
  properties: {
    category: 'Factorwatch'
    displayName: 'ASimAlertEventFactorwatch'
    functionAlias: 'ASimAlertEventFactorwatch'
    functionParameters: 'disabled:bool=false'
    query: '// Findings in the ASIM AlertEvent schema 0.1; the constants that FactorFindings_CL does not store are added here.\nFactorFindings_CL\n| where not(disabled)\n| summarize arg_max(FindingRevision, *) by EventUid\n| extend\n    EventType = "Alert",\n    EventSchema = "AlertEvent",\n    EventSchemaVersion = "0.1",\n    EventVendor = "Factorwatch",\n    EventProduct = "Factorwatch",\n    UserIdType = "EntraID",\n    UsernameType = "UPN",\n    AlertId = EventUid,\n    AlertDescription = EventMessage,\n    DvcIpAddr = SrcIpAddr,\n    ThreatIsActive = AlertStatus == "Active",\n    IpAddr = SrcIpAddr,\n    User = Username'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionFactorFindingUsers 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'FactorFindingUsers'
  properties: {
    category: 'Factorwatch'
    displayName: 'FactorFindingUsers'
    functionAlias: 'FactorFindingUsers'
    functionParameters: ''
    query: '// The users of every finding, one row each: those in its row, and those that did not fit into it.\nlet Newest = FactorFindings_CL\n    | summarize arg_max(FindingRevision, AdditionalFields) by EventUid;\nlet InParts = FactorRuns_CL\n    | where OperationName == "Finding users"\n    | project EventUid = tostring(ExtendedProperties.EventUid), FindingRevision = toint(ExtendedProperties.FindingRevision), Users = ExtendedProperties.Users;\nlet Apart = Newest\n    | project EventUid, FindingRevision\n    | join kind=inner InParts on EventUid, FindingRevision\n    | project EventUid, Users;\nunion (Newest | project EventUid, Users = AdditionalFields.Users), Apart\n| mv-expand Users\n| where isnotnull(Users)\n| distinct EventUid, UserId = tostring(Users.UserId), Username = tostring(Users.Username)'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionFactorFindings 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'FactorFindings'
  properties: {
    category: 'Factorwatch'
    displayName: 'FactorFindings'
    functionAlias: 'FactorFindings'
    functionParameters: ''
    query: '// The current revision of every finding. Also absorbs a row that was written twice after a retry.\n// A finding is withdrawn when it rested on events that had not all arrived: then it never was one.\nFactorFindings_CL\n| summarize arg_max(FindingRevision, *) by EventUid\n| where tostring(AdditionalFields.Withdrawn) !~ "true"'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionFactorRules 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'FactorRules'
  properties: {
    category: 'Factorwatch'
    displayName: 'FactorRules'
    functionAlias: 'FactorRules'
    functionParameters: ''
    query: '// The rules in force: the newest unexpired override of each, laid over its newest snapshot.\nlet Snapshots = FactorRules_CL\n    | where RowKind == "Snapshot"\n    | summarize arg_max(TimeGenerated, *) by RuleId;\nlet Overrides = FactorRules_CL\n    | where RowKind == "Override" and (isnull(ExpiresAt) or ExpiresAt > now())\n    | summarize arg_max(TimeGenerated, Severity, Enabled, ExpiresAt, ChangedBy, Reason) by RuleId\n    | project RuleId, OverrideSeverity = Severity, OverrideEnabled = Enabled, OverrideExpiresAt = ExpiresAt, OverrideBy = ChangedBy, OverrideReason = Reason;\nSnapshots\n| join kind=leftouter Overrides on RuleId\n| extend Overridden = isnotempty(RuleId1)\n| extend Severity = iff(isnotempty(OverrideSeverity), OverrideSeverity, Severity), Enabled = coalesce(OverrideEnabled, Enabled),\n    ExpiresAt = OverrideExpiresAt, ChangedBy = OverrideBy, Reason = OverrideReason\n| project-away RuleId1, OverrideSeverity, OverrideEnabled, OverrideExpiresAt, OverrideBy, OverrideReason'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionMethodChanges 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'MethodChanges'
  properties: {
    category: 'Factorwatch'
    displayName: 'MethodChanges'
    functionAlias: 'MethodChanges'
    functionParameters: 'start:datetime, end:datetime'
    query: '// Each change of an authentication method with who made it for whom, from where, and which method; one row a change.\nAuditLogs\n| where TimeGenerated between (start .. end)\n| where OperationName in~ ("User registered security info", "User deleted security info", "User changed default security info", "User updated security info",\n    "Admin registered security info", "Admin updated security info", "Admin deleted security info", "Disable Strong Authentication", "Enable Strong Authentication")\n| where Result =~ "success"\n| extend Target = TargetResources[0]\n| extend Method = extract(@"(?i)(?:registered|deleted|changed the default security info for|changed|updated)\\s+(.*?)\\.?$", 1, ResultReason)\n| project TimeGenerated, OperationName, Method, Username = tostring(Target.userPrincipalName), UserId = tostring(Target.id),\n    ActorUsername = coalesce(tostring(InitiatedBy.user.userPrincipalName), tostring(InitiatedBy.app.displayName)),\n    BySelf = tostring(InitiatedBy.user.id) =~ tostring(Target.id),\n    // Rows of the service itself show an address of Microsoft, not of a person.\n    SrcIpAddr = iff(AADOperationType =~ "ServiceApi", "", tostring(InitiatedBy.user.ipAddress)), CorrelationId, Id\n| sort by TimeGenerated desc'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionSharedRegistrationSources 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'SharedRegistrationSources'
  properties: {
    category: 'Factorwatch'
    displayName: 'SharedRegistrationSources'
    functionAlias: 'SharedRegistrationSources'
    functionParameters: 'start:datetime, end:datetime, least:long=3'
    query: '// Addresses from which at least so many users registered security info, with the users: an enrolment desk, or one attacker.\nAuditLogs\n| where TimeGenerated between (start .. end)\n| where OperationName =~ "User registered security info" and Result =~ "success" and not(AADOperationType =~ "ServiceApi")\n| extend SrcIpAddr = tostring(InitiatedBy.user.ipAddress), UserId = tostring(TargetResources[0].id), Username = tostring(TargetResources[0].userPrincipalName)\n| where isnotempty(SrcIpAddr)\n| summarize Users = dcount(UserId), Registrations = count(), FirstSeen = min(TimeGenerated), LastSeen = max(TimeGenerated), Usernames = make_set(Username, 100) by SrcIpAddr\n| where Users >= least\n| sort by Users desc'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource functionUserTimeline 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = {
  parent: workspace
  name: 'UserTimeline'
  properties: {
    category: 'Factorwatch'
    displayName: 'UserTimeline'
    functionAlias: 'UserTimeline'
    functionParameters: 'user:string, start:datetime, end:datetime'
    query: '// Everything known of one user (object id or user principal name) in an interval, oldest first: sign-ins of both kinds,\n// changes of security info, risk detections and findings.\nlet Who = tolower(user);\nlet Interactive = SigninLogs\n    | where TimeGenerated between (start .. end)\n    | where tolower(UserId) == Who or tolower(UserPrincipalName) == Who\n    | project TimeGenerated, Source = "SigninLogs", Event = strcat("Sign-in to ", AppDisplayName), Result = ResultType,\n        Detail = ResultDescription, SrcIpAddr = IPAddress, Country = Location, Device = tostring(DeviceDetail.displayName), Id;\nlet NonInteractive = AADNonInteractiveUserSignInLogs\n    | where TimeGenerated between (start .. end)\n    | where tolower(UserId) == Who or tolower(UserPrincipalName) == Who\n    | project TimeGenerated, Source = "AADNonInteractiveUserSignInLogs", Event = strcat("Token for ", AppDisplayName), Result = ResultType,\n        Detail = ResultDescription, SrcIpAddr = IPAddress, Country = Location, Device = tostring(parse_json(DeviceDetail).displayName), Id;\nlet Changes = AuditLogs\n    | where TimeGenerated between (start .. end)\n    | where tolower(tostring(TargetResources)) contains Who or tolower(tostring(InitiatedBy.user)) contains Who\n    | project TimeGenerated, Source = "AuditLogs", Event = OperationName, Result, Detail = ResultReason,\n        SrcIpAddr = tostring(InitiatedBy.user.ipAddress), Country = "", Device = "", Id;\nlet Risks = AADUserRiskEvents\n    | where TimeGenerated between (start .. end)\n    | where tolower(UserId) == Who or tolower(UserPrincipalName) == Who\n    | project TimeGenerated, Source = "AADUserRiskEvents", Event = RiskEventType, Result = RiskLevel, Detail = RiskDetail,\n        SrcIpAddr = IpAddress, Country = "", Device = "", Id;\n// Users of a spray that did not fit into the row of its finding.\nlet Apart = FactorRuns_CL\n    | where OperationName == "Finding users" and tolower(tostring(ExtendedProperties.Users)) contains Who\n    | project Revision = strcat(ExtendedProperties.EventUid, ".", ExtendedProperties.FindingRevision);\nlet Findings = FactorFindings_CL\n    | summarize arg_max(FindingRevision, *) by EventUid\n    | where EventStartTime between (start .. end)\n    | where tolower(UserId) == Who or tolower(Username) == Who or tolower(tostring(AdditionalFields.Users)) contains Who or strcat(EventUid, ".", FindingRevision) in (Apart)\n    | project TimeGenerated = EventStartTime, Source = "FactorFindings_CL", Event = strcat(EventSeverity, ": ", RuleName), Result = AlertStatus,\n        Detail = EventMessage, SrcIpAddr, Country = SrcGeoCountry, Device = SrcDvcId, Id = EventUid;\nunion Interactive, NonInteractive, Changes, Risks, Findings\n| sort by TimeGenerated asc, Id asc'
    version: 2
  }
  dependsOn: [
    tableFactorFindings
    tableFactorRules
    tableFactorRuns
  ]
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: storageName
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: storage
  name: 'default'
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'factorwatch'
  properties: {
    publicAccess: 'None'
  }
}

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  name: guid(workspace.id, identity.id, '73c42c96-874c-492b-b04d-ab87d138a893')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '73c42c96-874c-492b-b04d-ab87d138a893')
  }
}

resource mayWrite 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: rule
  name: guid(rule.id, identity.id, '3913510d-42f4-4e42-8a64-420c390055eb')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '3913510d-42f4-4e42-8a64-420c390055eb')
  }
}

resource mayKeepState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: container
  name: guid(container.id, identity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: 'cae-factorwatch'
  location: location
  properties: {}
}

resource job 'Microsoft.App/jobs@2024-03-01' = {
  name: 'factorwatch'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    configuration: {
      triggerType: 'Schedule'
      replicaTimeout: 3600
      replicaRetryLimit: 1
      scheduleTriggerConfig: {
        cronExpression: schedule
        parallelism: 1
        replicaCompletionCount: 1
      }
      registries: empty(registry) ? [] : [{ server: registry, identity: identity.id }]
      secrets: [
        {
          name: 'configuration'
          value: 'version: 1\ndefault_target: prod\ntargets:\n  prod:\n    kind: azure\n    workspaces: [${workspace.properties.customerId}]\n    ingest: { endpoint: ${rule.properties.endpoints.logsIngestion}, dcr_id: ${rule.properties.immutableId} }\n    auth: { kind: managed-identity, client_id: ${identity.properties.clientId} }\n    state: { kind: blob, url: ${storage.properties.primaryEndpoints.blob}factorwatch }\n'
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'factorwatch'
          image: image
          args: [
            'run'
            '--config'
            '/config/factorwatch.yaml'
            '--json'
          ]
          resources: {
            cpu: json('1.0')
            memory: '2Gi'
          }
          volumeMounts: [
            {
              volumeName: 'configuration'
              mountPath: '/config'
            }
            {
              volumeName: 'data'
              mountPath: '/data'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'configuration'
          storageType: 'Secret'
          secrets: [
            {
              secretRef: 'configuration'
              path: 'factorwatch.yaml'
            }
          ]
        }
        {
          name: 'data'
          storageType: 'EmptyDir'
        }
      ]
    }
  }
  dependsOn: [
    mayRead
    mayWrite
    mayKeepState
  ]
}

output ingestEndpoint string = rule.properties.endpoints.logsIngestion
output dcrId string = rule.properties.immutableId
output identityClientId string = identity.properties.clientId
output stateUrl string = '${storage.properties.primaryEndpoints.blob}factorwatch'
