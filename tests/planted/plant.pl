#!/usr/bin/env perl
# SPDX-License-Identifier: Apache-2.0
#
# plant.pl LIST OUT: copies rtl/ and cmodel/ to OUT and puts every planted bug of LIST into the copies.
#
# Each edit of a bug replaces an expression `old` by `(N is chosen) ? (new) : (old)`, N = number of the bug in the list, chosen
# by the environment variable CBIT_PLANT when the program starts; so one build holds them all, and 0 is the unchanged engine.
# The place is the text `at` (default: `old`), which must be there exactly once, and `old` exactly once in it; white space
# matches any white space and comments. If not, or if two edits overlap, the list is wrong: an error, so that the list cannot rot.
# Writes OUT/cbit.f (file list of the changed RTL), OUT/bugs.txt (number, name, side, config, run, seeds, expect, what; tabs).
use strict;
use warnings;
use File::Path qw(make_path);

@ARGV == 2 or die "usage: plant.pl LIST OUT\n";
my ($list, $out) = @ARGV;
my (@bugs, $bug, $edit, %seen);
my $bad = 0;
sub wrong { print STDERR "$list:$_[0]: $_[1]\n"; $bad++ }

open(my $in, '<', $list) or die "$list: $!\n";
while (my $line = <$in>) {
  chomp $line;
  next if $line =~ /^\s*(#|$)/;
  my ($key, $value) = $line =~ /^\s*(\w+)\s+(.*?)\s*$/ or do { wrong($., "not 'key text': $line"); next };
  if ($key eq 'bug') {
    wrong($., "name '$value' is taken") if $seen{$value}++;
    $bug = {name => $value, line => $., number => @bugs + 1, edits => [], expect => '.', seeds => join(' ', 1 .. 16)};
    push @bugs, $bug;
    undef $edit;
  } elsif (!$bug) {
    wrong($., "'$key' before the first 'bug'");
  } elsif ($key eq 'edit') {
    $edit = {file => $value, line => $., bug => $bug};
    push @{$bug->{edits}}, $edit;
  } elsif ($key =~ /^(at|old|new)$/) {
    if ($edit) { $edit->{$key} = $value } else { wrong($., "'$key' before 'edit'") }
  } elsif ($key =~ /^(side|what|config|run|seeds|expect)$/) {
    $bug->{$key} = $value;
  } else {
    wrong($., "unknown key '$key'");
  }
}
close $in;

my %edits;
for my $b (@bugs) {
  for my $key (qw(side what config run)) { wrong($b->{line}, "$b->{name}: no '$key'") unless defined $b->{$key} }
  wrong($b->{line}, "$b->{name}: no edit") unless @{$b->{edits}};
  wrong($b->{line}, "$b->{name}: side must be rtl or model") unless ($b->{side} // '') =~ /^(rtl|model)$/;
  my $dir = ($b->{side} // '') eq 'rtl' ? 'rtl/' : 'cmodel/';
  for my $e (@{$b->{edits}}) {
    wrong($e->{line}, "$b->{name}: edit outside of $dir") unless index($e->{file}, $dir) == 0;
    wrong($e->{line}, "$b->{name}: edit without 'old' or 'new'") unless defined $e->{old} && defined $e->{new};
    push @{$edits{$e->{file}}}, $e;
  }
}
exit 1 if $bad;

# A text as a pattern in which white space is free, and may hold comments.
sub pattern { join('(?:\s|//[^\n]*\n)+', map { quotemeta } split(/\s+/, $_[0])) }

# Start and length of the only place of a pattern, or undef.
sub only {
  my ($text, $pattern) = @_;
  my @at;
  while ($text =~ /$pattern/g) { push @at, [$-[0], $+[0] - $-[0]]; pos($text) = $-[0] + 1 }
  return @at == 1 ? @{$at[0]} : (undef, scalar @at);
}

sub copy_tree {
  my ($dir) = @_;
  make_path("$out/$dir");
  opendir(my $d, $dir) or die "$dir: $!\n";
  for my $f (sort grep { !/^\./ } readdir $d) {
    my $path = "$dir/$f";
    if (-d $path) { copy_tree($path); next }
    local $/;
    open(my $i, '<', $path) or die "$path: $!\n";
    my $text = <$i>;
    close $i;
    $text = plant($path, $text) if $edits{$path};
    # leave what is the same, so that make does not build it again
    if (open(my $o, '<', "$out/$path")) { my $old = <$o>; close $o; next if defined $old && $old eq $text }
    open(my $o, '>', "$out/$path") or die "$out/$path: $!\n";
    print $o $text;
    close $o;
  }
}

sub plant {
  my ($path, $text) = @_;
  my @places;
  for my $e (@{$edits{$path}}) {
    my $where = "$e->{bug}{name}: $path";
    my $at = $e->{at} // $e->{old};
    my ($start, $len) = only($text, pattern($at));
    if (!defined $start) { wrong($e->{line}, "$where: $len places with '$at', one is needed"); next }
    my ($from, $old_len) = only(substr($text, $start, $len), pattern($e->{old}));
    if (!defined $from) { wrong($e->{line}, "$where: $old_len places with '$e->{old}' in '$at', one is needed"); next }
    push @places, [$start + $from, $old_len, $e];
  }
  @places = sort { $b->[0] <=> $a->[0] } @places;
  for my $i (1 .. $#places) {
    wrong($places[$i][2]{line}, "$places[$i][2]{bug}{name}: overlaps with $places[$i - 1][2]{bug}{name}")
      if $places[$i][0] + $places[$i][1] > $places[$i - 1][0];
  }
  for my $p (@places) {
    my ($start, $len, $e) = @$p;
    my $n = $e->{bug}{number};
    my $chosen = $e->{bug}{side} eq 'rtl' ? "cbit_plant_pkg::chosen == 32'd$n" : "cbit_plant_chosen == ${n}u";
    my $old = substr($text, $start, $len);
    substr($text, $start, $len) = "(($chosen) ? ($e->{new}) : ($old))";
  }
  delete $edits{$path};
  return $text;
}

copy_tree('rtl');
copy_tree('cmodel');
wrong($_->{line}, "$_->{bug}{name}: no file $_->{file}") for map { @$_ } values %edits;
exit 1 if $bad;

open(my $f, '<', 'rtl/cbit.f') or die "rtl/cbit.f: $!\n";
open(my $o, '>', "$out/cbit.f") or die "$out/cbit.f: $!\n";
print $o "tests/planted/cbit_plant_pkg.sv\n";
while (<$f>) { s{\brtl/}{$out/rtl/}; print $o $_ }
close $o;
open($o, '>', "$out/bugs.txt") or die "$out/bugs.txt: $!\n";
print $o join("\t", @$_{qw(number name side config run seeds expect what)}), "\n" for @bugs;
close $o;
print scalar(@bugs), " bugs planted in $out\n";
