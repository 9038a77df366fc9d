{{- define "klantbrug.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* At most 50 characters, since names of other objects are made of it. */}}
{{- define "klantbrug.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "klantbrug.selectorLabels" -}}
app.kubernetes.io/name: {{ include "klantbrug.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "klantbrug.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "klantbrug.selectorLabels" . }}
{{- end }}

{{- define "klantbrug.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "klantbrug.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "klantbrug.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "klantbrug.databaseHost" -}}
{{- .Values.global.settings.databaseHost | default .Values.settings.database.host }}
{{- end }}

{{/* The configuration file: what was given, with public_url, log_level and state filled in where it has none. */}}
{{- define "klantbrug.configuration" -}}
{{- $data := .Values.configuration.data }}
{{- if kindIs "string" $data }}
{{- $data = fromYaml $data }}
{{- if hasKey $data "Error" }}{{ fail (printf "configuration.data is no YAML: %s" $data.Error) }}{{ end }}
{{- end }}
{{- if not $data }}{{ fail "configuration.data is required, or configuration.existingConfigMap" }}{{ end }}
{{- $ours := dict }}
{{- with .Values.settings.siteDomain }}
{{- $scheme := ternary "https" "http" $.Values.settings.isHttps }}
{{- $_ := set $ours "public_url" (printf "%s://%s/klantinteracties/api/v1" $scheme .) }}
{{- end }}
{{- with .Values.settings.logLevel }}{{ $_ := set $ours "log_level" (lower .) }}{{ end }}
{{- if include "klantbrug.databaseHost" . }}
{{- $_ := set $ours "state" (dict "value_from" (dict "env" "KLANTBRUG_STATE")) }}
{{- else if .Values.persistence.enabled }}
{{- $_ := set $ours "state" "/var/lib/klantbrug/klantbrug.sqlite3" }}
{{- end }}
{{- $whole := mergeOverwrite (dict "klantbrug" $ours) $data }}
{{- if not $whole.klantbrug.state }}
{{- fail "the state needs a place that outlives a pod: settings.database.host, persistence.enabled, or klantbrug.state in configuration.data" }}
{{- end }}
{{- toYaml $whole }}
{{- end }}

{{/* The environment variables that the chart keeps in its Secret. */}}
{{- define "klantbrug.secrets" -}}
{{- $secrets := dict }}
{{- if .Values.global.configuration.enabled }}{{ $secrets = merge $secrets .Values.global.configuration.secrets }}{{ end }}
{{- $secrets = mergeOverwrite $secrets .Values.configuration.secrets }}
{{- with include "klantbrug.databaseHost" . }}
{{- $database := $.Values.settings.database }}
{{- $login := urlquery $database.username | replace "+" "%20" }}
{{- with $database.password }}{{ $login = printf "%s:%s" $login (urlquery . | replace "+" "%20") }}{{ end }}
{{- $url := printf "postgresql://%s@%s:%d/%s?sslmode=%s" $login . (int $database.port) $database.name $database.sslmode }}
{{- $secrets = mergeOverwrite (dict "KLANTBRUG_STATE" $url) $secrets }}
{{- end }}
{{- with .Values.settings.otel.exporterOtlpHeaders }}
{{- $secrets = mergeOverwrite (dict "OTEL_EXPORTER_OTLP_HEADERS" (include "klantbrug.pairs" .)) $secrets }}
{{- end }}
{{- toYaml $secrets }}
{{- end }}

{{/* key=value,key=value, as OpenTelemetry reads them: with values percent-encoded. */}}
{{- define "klantbrug.pairs" -}}
{{- range $index, $each := . }}{{ if $index }},{{ end }}{{ $each.key }}={{ urlquery $each.value | replace "+" "%20" }}{{ end }}
{{- end }}

{{/* Not empty when /metrics has a port of its own. */}}
{{- define "klantbrug.metrics" -}}
{{- if and .Values.settings.otel.prometheus.enabled (not .Values.settings.otel.disabled) }}yes{{ end }}
{{- end }}

{{/* The environment variables that are no secret. */}}
{{- define "klantbrug.environment" -}}
{{- with .Values.settings.otel }}
- name: OTEL_SDK_DISABLED
  value: {{ .disabled | quote }}
{{- if not .disabled }}
{{- if .exporterOtlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ .exporterOtlpEndpoint | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ .exporterOtlpProtocol | quote }}
- name: OTEL_METRIC_EXPORT_INTERVAL
  value: {{ .metricExportInterval | int | quote }}
- name: OTEL_METRIC_EXPORT_TIMEOUT
  value: {{ .metricExportTimeout | int | quote }}
{{- end }}
{{- with .resourceAttributes }}
- name: OTEL_RESOURCE_ATTRIBUTES
  value: {{ include "klantbrug.pairs" . | quote }}
{{- end }}
{{- if .prometheus.enabled }}
- name: OTEL_METRICS_EXPORTER
  value: {{ ternary "otlp,prometheus" "prometheus" (ne .exporterOtlpEndpoint "") }}
- name: OTEL_EXPORTER_PROMETHEUS_HOST
  value: 0.0.0.0
- name: OTEL_EXPORTER_PROMETHEUS_PORT
  value: {{ .prometheus.port | int | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.extraEnvVars }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "klantbrug.configMap" -}}
{{- default (include "klantbrug.fullname" .) .Values.configuration.existingConfigMap }}
{{- end }}

{{/* Not empty when the setup runs in the pod: as asked, or because a volume may be mounted by one pod only. */}}
{{- define "klantbrug.setupInPod" -}}
{{- if or .Values.configuration.initContainer.enabled .Values.persistence.enabled }}yes{{ end }}
{{- end }}

{{/* What a pod has apart from its container: for the Deployment and the Job. */}}
{{- define "klantbrug.pod" -}}
serviceAccountName: {{ include "klantbrug.serviceAccountName" . }}
automountServiceAccountToken: {{ .Values.serviceAccount.automountServiceAccountToken }}
enableServiceLinks: {{ .Values.enableServiceLinks }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: configuration
    configMap:
      name: {{ include "klantbrug.configMap" . }}
  - name: scratch
    emptyDir: {}
  - name: state
    {{- if .Values.persistence.enabled }}
    persistentVolumeClaim:
      claimName: {{ .Values.persistence.existingClaim | default (include "klantbrug.fullname" .) }}
    {{- else }}
    emptyDir: {}
    {{- end }}
  {{- with .Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What every container has. */}}
{{- define "klantbrug.container" -}}
image: {{ include "klantbrug.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
env:
  {{- include "klantbrug.environment" . | nindent 2 }}
envFrom:
  - secretRef:
      name: {{ include "klantbrug.fullname" . }}
  {{- with .Values.existingSecret }}
  - secretRef:
      name: {{ . }}
  {{- end }}
  {{- with .Values.existingConfigurationSecrets }}
  - secretRef:
      name: {{ . }}
  {{- end }}
volumeMounts:
  - name: configuration
    mountPath: /etc/klantbrug
    readOnly: true
  - name: scratch
    mountPath: /tmp
  - name: state
    mountPath: /var/lib/klantbrug
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "klantbrug.ingress" -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .name }}
  labels:
    {{- include "klantbrug.labels" .root | nindent 4 }}
  {{- with .ingress.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with .ingress.tls }}
  tls:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    {{- range .ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            pathType: {{ .pathType | default "Prefix" }}
            backend:
              service:
                name: {{ include "klantbrug.fullname" $.root }}
                port:
                  name: http
          {{- end }}
    {{- end }}
{{- end }}
