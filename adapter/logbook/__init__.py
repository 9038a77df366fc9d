"""The log of processing of personal data (Logboek Dataverwerkingen 1.0 of Logius), for who configures one.

A request is a processing. It gets a record for itself and one for each data subject, which are sent to a
logbook with OTLP over HTTP and confirmed by it.
"""
